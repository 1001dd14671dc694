import PipeCommand

await PipeCommand.main(stages: [Embargo.self])
