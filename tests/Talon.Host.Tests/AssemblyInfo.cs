// OpenTelemetry listens to meters by name, process-wide: two servers at a time would see each other's numbers.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
