// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "micro",
  dependencies: [.package(name: "pipeline", path: "../..")],
  targets: [
    .target(name: "CICUSentences", linkerSettings: [.linkedLibrary("icuuc")]),
    .executableTarget(name: "micro", dependencies: ["CICUSentences", .product(name: "Stages", package: "pipeline")]),
  ],
  swiftLanguageModes: [.v6]
)
