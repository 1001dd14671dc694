// swift-tools-version: 6.2
import PackageDescription

// The fuzzer of the parts that read pages. In a package of its own, because its flags are for nobody else.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "pipeline", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzz",
      dependencies: [.product(name: "Pipeline", package: "pipeline"), .product(name: "Stages", package: "pipeline")],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)
