// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "pipeline",
  products: [
    .executable(name: "pipe", targets: ["pipe"]),
    .library(name: "Pipeline", targets: ["Pipeline"]),
    .library(name: "Stages", targets: ["Stages"]),
    .library(name: "PipeCommand", targets: ["PipeCommand"]),
    .library(name: "PipelineTesting", targets: ["PipelineTesting"]),
    .library(name: "PipelinePlugin", targets: ["PipelinePlugin"]),
    .library(name: "hostile-library", type: .dynamic, targets: ["HostileLibrary"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    .systemLibrary(name: "CIconv"),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CPipelinePlugin", path: "include"),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CUchardet", pkgConfig: "uchardet", providers: [.apt(["libuchardet-dev"])]),
    .systemLibrary(name: "CUtf8proc", providers: [.apt(["libutf8proc-dev"])]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "CCLD2", linkerSettings: [.linkedLibrary("cld2")]),
    .target(name: "CModels"),
    .target(name: "CWorkerGuard"),
    .target(
      name: "Pipeline",
      dependencies: [
        "CIconv", "CLibXML2", "CModels", "CPipelinePlugin", "CSimdJSON", "CUchardet", "CWorkerGuard", "CXXHash", "CZlib", "CZstd",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
      ],
      exclude: ["Readers/Resources"]),
    .target(
      name: "Stages",
      dependencies: [
        "Pipeline", "CCLD2", "CLibXML2", "CRE2", "CUtf8proc", "CModels", "CXXHash", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      exclude: [
        "Article/Resources", "Boilerplate/Resources", "Entities/Resources", "Metadata/Resources", "Sentences/Resources",
        "TranslationNotes/Resources",
      ]),
    .target(name: "PipelineTesting", dependencies: ["Pipeline"]),
    .target(name: "PipelinePlugin", dependencies: ["CPipelinePlugin"]),
    .target(
      name: "PipeCommand",
      dependencies: [
        "CMalloc", "Pipeline", "PipelineTesting", "Stages", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(name: "pipe", dependencies: ["PipeCommand"]),
    .executableTarget(name: "article-features", dependencies: ["Stages"], path: "Training/Features"),
    .executableTarget(name: "sentence-features", dependencies: ["Stages"], path: "Training/SentenceFeatures"),
    .executableTarget(name: "entity-trainer", dependencies: ["Stages", "Pipeline"], path: "Training/EntityTrainer"),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .target(name: "CCrashes", path: "Tests/CCrashes"),
    .executableTarget(name: "GuardChild", dependencies: ["CCrashes", "CWorkerGuard", "Pipeline"], path: "Tests/GuardChild"),
    .executableTarget(name: "faulty-pipe", dependencies: ["CCrashes", "PipeCommand", "Pipeline"], path: "Tests/FaultyPipe"),
    .executableTarget(name: "hostile-plugin", path: "Tests/HostilePlugin"),
    .target(name: "HostileLibrary", path: "Tests/HostileLibrary", cSettings: [.headerSearchPath("../../include")]),
    .testTarget(name: "PipelineTests", dependencies: ["GuardChild", "Pipeline", "TestSupport"]),
    .testTarget(name: "StagesTests", dependencies: ["Stages", "Pipeline", "PipelineTesting", "TestSupport"]),
    .testTarget(name: "CommandTests", dependencies: ["TestSupport", "HostileLibrary", "faulty-pipe", "hostile-plugin", "pipe"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx20
)
