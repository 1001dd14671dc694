// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "newsroom-pipe",
  dependencies: [.package(name: "pipeline", path: "../..")],
  targets: [
    .executableTarget(
      name: "newsroom-pipe",
      dependencies: [.product(name: "PipeCommand", package: "pipeline"), .product(name: "Pipeline", package: "pipeline")])
  ],
  swiftLanguageModes: [.v6]
)
