namespace DuckMesh.Model.Alerts;

public enum Severity
{
    Medium,
    High,
    Critical,
}
