// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "capitals",
  products: [.library(name: "capitals", type: .dynamic, targets: ["Capitals"])],
  dependencies: [.package(name: "pipeline", path: "../..")],
  targets: [
    .target(name: "Capitals", dependencies: [.product(name: "PipelinePlugin", package: "pipeline")])
  ],
  swiftLanguageModes: [.v6]
)
