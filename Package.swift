// swift-tools-version: 6.2
import PackageDescription

/// Imports stay inside a module unless they say `public`, so that a leak shows in the diff.
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "mnn-swift",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .executable(name: "mnnbench", targets: ["mnnbench"]),
    .executable(name: "mnnconvert", targets: ["mnnconvert"]),
    .executable(name: "mnnquant", targets: ["mnnquant"]),
    .executable(name: "mnnrun", targets: ["mnnrun"]),
    .library(name: "MNN", targets: ["MNN"]),
    .library(name: "MNNBackendCPU", targets: ["MNNBackendCPU"]),
    .library(name: "MNNCV", targets: ["MNNCV"]),
    .library(name: "MNNConvert", targets: ["MNNConvert"]),
    .library(name: "MNNExpr", targets: ["MNNExpr"]),
    .library(name: "MNNGraph", targets: ["MNNGraph"]),
    .library(name: "MNNNumpy", targets: ["MNNNumpy"]),
    .library(name: "MNNQuant", targets: ["MNNQuant"]),
    .library(name: "MNNRuntime", targets: ["MNNRuntime"]),
    .library(name: "MNNSchema", targets: ["MNNSchema"]),
  ],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")],
  targets: [
    // Meaning.
    .systemLibrary(
      name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CFileGuard", path: "Modules/CFileGuard"),
    .target(name: "MNNGraph", dependencies: ["CFileGuard", "CZlib"], path: "Modules/MNNGraph", swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNGraphTests", dependencies: ["MNNGraph", "OperatorSuite", "TestSupport"], exclude: ["Data"],
      swiftSettings: swiftSettings),

    // What tests share: random numbers, small graphs; operators with operands, and everything that must run them alike.
    .target(name: "TestSupport", dependencies: ["MNNGraph"], path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .target(
      name: "OperatorSuite",
      dependencies: ["CKernels", "MNNBackendCPU", "MNNGraph", "MNNRuntime", "MNNSchema", "TestSupport"],
      path: "Tests/OperatorSuite", swiftSettings: swiftSettings),
    .testTarget(
      name: "OperatorSuiteTests", dependencies: ["MNNGraph", "OperatorSuite", "TestSupport"], swiftSettings: swiftSettings),

    // Importers.
    .systemLibrary(
      name: "CProtobuf", path: "Modules/CProtobuf", pkgConfig: "libprotobuf-c",
      providers: [.apt(["libprotobuf-c-dev"]), .brew(["protobuf-c"])]),
    .target(name: "CONNX", dependencies: ["CProtobuf"], path: "Modules/CONNX", exclude: ["onnx.proto"]),
    .target(
      name: "MNNConvert", dependencies: ["CFlatBuffers", "CONNX", "MNNGraph", "MNNSchema"], path: "Modules/MNNConvert",
      exclude: ["TFLite/Reader/schema.json"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNConvertTests", dependencies: ["MNNConvert", "MNNGraph", "MNNSchema", "OperatorSuite"], exclude: ["Data"],
      swiftSettings: swiftSettings),

    // Quantization.
    .target(
      name: "MNNQuant", dependencies: ["MNNGraph", "MNNRuntime", "MNNSchema"], path: "Modules/MNNQuant",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNQuantTests", dependencies: ["MNNBackendCPU", "MNNGraph", "MNNQuant", "MNNRuntime", "MNNSchema", "TestSupport"],
      swiftSettings: swiftSettings),

    // Running.
    .target(
      name: "MNNRuntime", dependencies: ["MNNGraph", "MNNSchema"], path: "Modules/MNNRuntime",
      swiftSettings: swiftSettings),
    .testTarget(name: "MNNRuntimeTests", dependencies: ["MNNGraph", "MNNRuntime"], swiftSettings: swiftSettings),

    // Files.
    .target(name: "CFlatBuffers", path: "Modules/CFlatBuffers", exclude: ["schema.inc", "tflite.inc"]),
    .target(
      name: "MNNSchema", dependencies: ["CFlatBuffers", "MNNGraph"], path: "Modules/MNNSchema",
      exclude: ["Wire/schema.json"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNSchemaTests", dependencies: ["MNNGraph", "MNNSchema"], exclude: ["Fixtures"],
      swiftSettings: swiftSettings),

    // Kernels, for backends and for modules that compute at once.
    .target(
      name: "MNNKernels", dependencies: ["CKernels", "MNNGraph"], path: "Modules/MNNKernels", swiftSettings: swiftSettings),

    // Backends.
    .target(
      name: "MNNBackendCPU", dependencies: ["CKernels", "MNNGraph", "MNNKernels", "MNNRuntime"], path: "Modules/MNNBackendCPU",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNBackendCPUTests",
      dependencies: ["CKernels", "MNNBackendCPU", "MNNGraph", "MNNKernels", "MNNRuntime", "MNNSchema", "TestSupport"],
      swiftSettings: swiftSettings),

    // Arrays.
    .target(
      name: "CLinearAlgebra", path: "Modules/CLinearAlgebra",
      linkerSettings: [
        .linkedLibrary("openblas", .when(platforms: [.linux])),
        .linkedFramework("Accelerate", .when(platforms: [.macOS, .iOS])),
      ]),
    .target(
      name: "MNNExpr",
      dependencies: ["CLinearAlgebra", "MNNBackendCPU", "MNNGraph", "MNNKernels", "MNNRuntime", "MNNSchema"],
      path: "Modules/MNNExpr",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNExprTests", dependencies: ["MNNBackendCPU", "MNNExpr", "MNNGraph", "MNNRuntime"], exclude: ["Data"],
      swiftSettings: swiftSettings),
    .target(
      name: "MNNNumpy", dependencies: ["MNNExpr", "MNNGraph", "MNNKernels"], path: "Modules/MNNNumpy",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNNumpyTests", dependencies: ["MNNExpr", "MNNGraph", "MNNNumpy"], exclude: ["Data"],
      swiftSettings: swiftSettings),

    // Images.
    .target(
      name: "CImageCodecs", path: "Modules/CImageCodecs",
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("webp"), .linkedLibrary("z")]),
    .target(
      name: "MNNCV", dependencies: ["CImageCodecs", "CKernels", "MNNExpr", "MNNGraph", "MNNKernels"], path: "Modules/MNNCV",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MNNCVTests", dependencies: ["MNNCV", "MNNExpr", "MNNGraph"], exclude: ["Data"], swiftSettings: swiftSettings),

    .executableTarget(
      name: "arraybench", dependencies: ["MNNNumpy"], path: "Benchmarks/Arrays", swiftSettings: swiftSettings),

    .executableTarget(
      name: "imagebench", dependencies: ["MNNCV"], path: "Benchmarks/Images", swiftSettings: swiftSettings),

    // What README.md and Docs show.
    .testTarget(
      name: "ExtremeCallTests", dependencies: ["MNNCV", "MNNExpr", "MNNGraph", "MNNNumpy"], swiftSettings: swiftSettings),
    .testTarget(
      name: "SnippetTests", dependencies: ["MNN", "MNNBackendCPU", "MNNCV", "MNNConvert", "MNNGraph", "MNNRuntime"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ConformanceTests", dependencies: ["MNNBackendCPU", "MNNConvert", "MNNGraph", "MNNQuant", "MNNRuntime", "MNNSchema"],
      swiftSettings: swiftSettings),

    // All of it.
    .target(
      name: "MNN",
      dependencies: [
        "MNNBackendCPU", "MNNCV", "MNNConvert", "MNNExpr", "MNNGraph", "MNNNumpy", "MNNQuant", "MNNRuntime", "MNNSchema",
      ],
      path: "Modules/MNN", swiftSettings: swiftSettings),

    // What Docs shows.
    .executableTarget(
      name: "quickstart", dependencies: ["MNN"], path: "Docs/QuickStart", exclude: ["expected.txt"], swiftSettings: swiftSettings),

    // Programs.
    .target(
      name: "ProgramSupport",
      dependencies: [
        "MNNBackendCPU", "MNNGraph", "MNNRuntime", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Modules/Programs/ProgramSupport", swiftSettings: swiftSettings),
    .executableTarget(
      name: "mnnbench", dependencies: ["MNNBackendCPU", "MNNGraph", "MNNRuntime", "ProgramSupport"],
      path: "Modules/Programs/mnnbench", swiftSettings: swiftSettings,
      // What a model needs is measured with this program, so it brings no library along that it does not use: 4 MB less resident,
      // and it runs where no Swift is installed.
      linkerSettings: [
        .unsafeFlags(
          ["-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections"],
          .when(platforms: [.linux], configuration: .release))
      ]),
    .executableTarget(
      name: "mnnconvert",
      dependencies: [
        "MNNBackendCPU", "MNNConvert", "MNNGraph", "MNNQuant", "MNNRuntime", "MNNSchema", "ProgramSupport", "QuantSupport",
      ],
      path: "Modules/Programs/mnnconvert", swiftSettings: swiftSettings),
    .target(
      name: "QuantSupport",
      dependencies: [
        "MNNGraph", "MNNQuant", "MNNRuntime", "MNNSchema", "ProgramSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Modules/Programs/QuantSupport", swiftSettings: swiftSettings),
    .executableTarget(
      name: "mnnquant",
      dependencies: ["MNNBackendCPU", "MNNGraph", "MNNQuant", "MNNRuntime", "MNNSchema", "ProgramSupport", "QuantSupport"],
      path: "Modules/Programs/mnnquant", swiftSettings: swiftSettings),
    .executableTarget(
      name: "mnnrun", dependencies: ["MNNCV", "MNNGraph", "MNNRuntime", "ProgramSupport"],
      path: "Modules/Programs/mnnrun", swiftSettings: swiftSettings),

    // Kernels.
    .target(
      name: "CKernels",
      path: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-fopenmp"])],
      linkerSettings: [
        .linkedLibrary("omp5", .when(platforms: [.linux])), .linkedLibrary("m", .when(platforms: [.linux])),
      ]
    ),
    .executableTarget(
      name: "kernelbench", dependencies: ["CKernels"], path: "Benchmarks/Kernels", cSettings: [.unsafeFlags(["-O2"])]),
    .target(name: "CKernelsChecks", dependencies: ["CKernels"], path: "Tests/CKernelsChecks"),
    .testTarget(
      name: "CKernelsTests", dependencies: ["CKernels", "CKernelsChecks"], exclude: ["arm"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17,
  cxxLanguageStandard: .cxx17
)
