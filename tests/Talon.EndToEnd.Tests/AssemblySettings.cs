// Each test waits for a process most of the time. Four at a time keep two processors busy.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
