// Each test runs one or two real processes beside itself: more than two tests at a time would only slow each other down.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
