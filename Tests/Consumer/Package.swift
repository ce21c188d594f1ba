// swift-tools-version: 6.1
import PackageDescription

// Scripts/tests/consumer sets MNN_SOURCE to the address of a repository; without it the checkout around this folder is used.
let source: Package.Dependency =
  if let address = Context.environment["MNN_SOURCE"] {
    .package(url: address, from: "0.0.1")
  } else {
    .package(name: "mnn-swift", path: "../..")
  }

func user(_ name: String, of products: String...) -> Target {
  .executableTarget(name: name, dependencies: products.map { .product(name: $0, package: "mnn-swift") })
}

let package = Package(
  name: "Consumer",
  platforms: [.macOS(.v15)],
  dependencies: [source],
  targets: [
    user("GraphOnly", of: "MNNGraph"),
    user("ConvertOnly", of: "MNNConvert"),
    user("NumpyOnly", of: "MNNNumpy"),
    user("RunOnly", of: "MNNRuntime", "MNNBackendCPU"),
  ],
  swiftLanguageModes: [.v6]
)
