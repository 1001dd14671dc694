import PipeCommand

await PipeCommand.main(stages: [])
