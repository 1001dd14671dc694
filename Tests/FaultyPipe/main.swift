import PipeCommand

// The command line with a stage that does what a page tells it to: for tests of what happens then.
await PipeCommand.main(stages: [Fault.self])
