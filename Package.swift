// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "mnn-swift",
  products: [],
  targets: [
    .target(
      name: "CKernels",
      path: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-fopenmp"])],
      linkerSettings: [.linkedLibrary("omp5", .when(platforms: [.linux]))]
    )
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17,
  cxxLanguageStandard: .cxx17
)
