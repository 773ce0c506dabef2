#!/usr/bin/env bash
# Makes docs/demo.svg: runs the demo in a terminal of its own (tmux), waits until three of its alerts fire, and draws what the terminal shows.
# Databases of other programs of this machine would be in the picture: leave them out with DUCKMESH_EXCLUDE.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly columns=100 rows=20
readonly deadline=180               # seconds: a build, and a minute of the demo
readonly picture=docs/demo.svg

command -v tmux >/dev/null || { echo "tmux not found: install the package tmux, then run this again" >&2; exit 1; }
dotnet build src/DuckMesh.Node >/dev/null

data=$(mktemp -d)
terminal() { tmux -f /dev/null -L "duckmesh-$$" "$@"; }
finish() {
    terminal send-keys C-c 2>/dev/null || true
    for ((i = 0; i < 100; i++)); do terminal has-session 2>/dev/null || break; sleep 0.1; done
    terminal kill-server 2>/dev/null || true
    rm -rf "$data"
}
trap finish EXIT

terminal new-session -d -x "$columns" -y "$rows" \
    env DUCKMESH_HOST=laptop DUCKMESH_DATA="$data" dotnet run --no-build --project src/DuckMesh.Node -- demo
for ((second = 0; ; second++)); do
    screen=$(terminal capture-pane -p)
    if grep -q 'sessions' <<<"$screen" && grep -q '3 alerts firing' <<<"$screen"; then break; fi
    ((second < deadline)) || { printf 'no three alerts within %s s; the terminal shows:\n%s\n' "$deadline" "$screen" >&2; exit 1; }
    sleep 1
done

terminal capture-pane -e -p | awk -v columns="$columns" '
    function escaped(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }
    function part(text) { return text == "" ? "" : "<tspan class=\"" class "\">" escaped(text) "</tspan>" }
    # Codes of colours and weight, as the terminal repeats them; all others are as nothing.
    function style(codes,   n, i, code) {
        n = split(codes, code, ";")
        if (n == 0 || codes == "0" || codes == "39") class = "plain"
        if (n == 3 && code[1] == 38 && code[2] == 5) class = code[3] == 9 || code[3] == 1 ? "bad" : code[3] == 11 || code[3] == 3 ? "warn" : "dim"
        else for (i = 1; i <= n; i++) {
            if (code[i] == 31 || code[i] == 91) class = "bad"
            if (code[i] == 33 || code[i] == 93) class = "warn"
            if (code[i] == 90 || code[i] == 37) class = "dim"
            if (code[i] == 1) class = "bold"
        }
    }
    {
        line = ""
        rest = $0
        while (match(rest, /\033\[[0-9;]*m/)) {
            line = line part(substr(rest, 1, RSTART - 1))
            style(substr(rest, RSTART + 2, RLENGTH - 3))
            rest = substr(rest, RSTART + RLENGTH)
        }
        lines[NR] = line part(rest)
        if ($0 ~ /[^ ]/) last = NR
    }
    BEGIN { class = "plain" }
    END {
        width = int(columns * 8.43) + 32
        height = last * 19 + 32
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"The demo in a terminal\">\n", width, height
        print "<style>text { font: 14px ui-monospace, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; white-space: pre; }"
        print ".plain { fill: #d6d6d6; } .bold { fill: #ffffff; font-weight: bold; } .dim { fill: #8a8f98; } .bad { fill: #ff6b68; } .warn { fill: #e5c07b; }</style>"
        printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#1e2127\"/>\n", width, height
        for (i = 1; i <= last; i++) if (lines[i] != "") printf "<text x=\"16\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", i * 19 + 10, lines[i]
        print "</svg>"
    }' >"$picture"
echo "$picture"
