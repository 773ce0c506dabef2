// These tests start programs and measure time: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
