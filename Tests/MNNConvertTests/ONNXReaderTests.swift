import Foundation
import MNNGraph
import Testing

@testable import MNNConvert

/// The files of Scripts/golden/onnx-files.
func onnxData(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data/onnx/\(name)").path
}

/// Calls `body` with the path of a new file that holds `bytes`.
@discardableResult
func withFile<R>(_ bytes: [UInt8], _ body: (String) throws -> R) throws -> R {
  let path = NSTemporaryDirectory() + "/mnn-convert-\(UUID().uuidString).onnx"
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

@Suite("ONNX reader")
struct ONNXReaderTests {
  @Test("reads every element type, raw and typed, packed and not")
  func elementTypes() throws {
    let reader = try ONNXReader(path: onnxData("types.onnx"))
    let tensors = reader.model.graph.initializers
    #expect(tensors.count == 31)
    for stored in tensors {
      let tensor = try reader.loader.load(stored)
      let expected: [Int64] =
        stored.name.hasPrefix("int4")
        ? [-3, -2, -1, 0, 1, 2]
        : stored.name.hasPrefix("bool") ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5]
      #expect(tensor.shape == [2, 3], "\(stored.name)")
      #expect(try tensor.scalars(as: Int64.self) == expected, "\(stored.name)")
    }
  }

  @Test("reads weights from a file beside the model")
  func externalData() throws {
    let reader = try ONNXReader(path: onnxData("external.onnx"))
    let tensor = try reader.loader.load(reader.model.graph.initializers[0])
    #expect(try tensor.scalars(as: Float.self) == [0, 1, 2, 3, 4, 5])
  }

  @Test(
    "refuses external data that is missing, short, or outside the model's folder",
    arguments: ["external-short", "external-missing", "external-parent", "external-absolute"])
  func refusedExternalData(name: String) throws {
    let reader = try ONNXReader(path: onnxData("\(name).onnx"))
    #expect { try reader.loader.load(reader.model.graph.initializers[0]) } throws: {
      ($0 as? ImportError)?.code == .externalData
    }
  }

  @Test("refuses external data behind a link that leads out of the folder")
  func linkedExternalData() throws {
    let folder = NSTemporaryDirectory() + "/mnn-link-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: onnxData("external.onnx"), toPath: folder + "/external.onnx")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/external.bin", withDestinationPath: onnxData("external.bin"))
    let reader = try ONNXReader(path: folder + "/external.onnx")
    #expect { try reader.loader.load(reader.model.graph.initializers[0]) } throws: {
      ($0 as? ImportError)?.code == .externalData
    }
  }

  @Test("reads external data through links into the folder where the model itself is, as hub clients lay out their caches")
  func cachedExternalData() throws {
    let root = NSTemporaryDirectory() + "/mnn-hub-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let (blobs, snapshot) = (root + "/models/blobs", root + "/models/snapshots/abc/onnx")
    for folder in [blobs, snapshot, root + "/elsewhere"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(atPath: onnxData("external.onnx"), toPath: blobs + "/1a")
    try FileManager.default.copyItem(atPath: onnxData("external.bin"), toPath: blobs + "/2b")
    try FileManager.default.createSymbolicLink(atPath: snapshot + "/model.onnx", withDestinationPath: "../../../blobs/1a")
    try FileManager.default.createSymbolicLink(atPath: snapshot + "/external.bin", withDestinationPath: "../../../blobs/2b")
    func values(_ path: String) throws -> [Float] {
      let reader = try ONNXReader(path: path)
      return try reader.loader.load(reader.model.graph.initializers[0]).scalars(as: Float.self)
    }
    #expect(try values(snapshot + "/model.onnx") == [0, 1, 2, 3, 4, 5])
    // A link elsewhere finds the data beside the file that it leads to.
    try FileManager.default.createSymbolicLink(atPath: root + "/elsewhere/m.onnx", withDestinationPath: onnxData("external.onnx"))
    #expect(try values(root + "/elsewhere/m.onnx") == [0, 1, 2, 3, 4, 5])
    // Out of both folders, it is refused.
    try FileManager.default.copyItem(atPath: blobs + "/2b", toPath: root + "/elsewhere/secret")
    try FileManager.default.removeItem(atPath: snapshot + "/external.bin")
    try FileManager.default.createSymbolicLink(
      atPath: snapshot + "/external.bin", withDestinationPath: root + "/elsewhere/secret")
    #expect { try values(snapshot + "/model.onnx") } throws: { ($0 as? ImportError)?.code == .externalData }
    // So is a link in the cache that leads on.
    try FileManager.default.removeItem(atPath: blobs + "/2b")
    try FileManager.default.createSymbolicLink(atPath: blobs + "/2b", withDestinationPath: root + "/elsewhere/secret")
    try FileManager.default.removeItem(atPath: snapshot + "/external.bin")
    try FileManager.default.createSymbolicLink(atPath: snapshot + "/external.bin", withDestinationPath: "../../../blobs/2b")
    #expect { try values(snapshot + "/model.onnx") } throws: { ($0 as? ImportError)?.code == .externalData }
  }

  @Test("writes out the zeros of sparse constants")
  func sparse() throws {
    let reader = try ONNXReader(path: onnxData("sparse.onnx"))
    let tensor = try reader.loader.load(reader.model.graph.sparseInitializers[0])
    #expect(tensor.shape == [2, 3])
    #expect(try tensor.scalars(as: Float.self) == [0, 5, 0, 0, 0, 7])
  }

  @Test("refuses graphs nested too deeply")
  func nested() {
    #expect { try ONNXReader(path: onnxData("nested.onnx")) } throws: { ($0 as? ImportError)?.code == .tooComplex }
  }

  @Test("refuses what is no file or no model")
  func notModels() throws {
    #expect { try ONNXReader(path: "/nonexistent/model.onnx") } throws: {
      ($0 as? ImportError)?.code == .unreadableFile
    }
    #expect { try ONNXReader(path: NSTemporaryDirectory()) } throws: { ($0 as? ImportError)?.code == .unreadableFile }
    let texts: [[UInt8]] = [
      [], [0], Array("hello, world".utf8), Array("{\"a\": 1}".utf8), [UInt8](repeating: 0xff, count: 100),
      [UInt8](repeating: 0, count: 100),
    ]
    for bytes in texts {
      try withFile(bytes) { path in
        #expect { try ONNXReader(path: path) } throws: { ($0 as? ImportError)?.code == .malformedFile }
      }
    }
  }

  @Test("every truncation is an error or a shorter model, never a crash")
  func truncations() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: onnxData("small.onnx"))))
    for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 64)) {
      try withFile(Array(bytes[..<end])) { path in
        #expect(throws: ImportError.self) {
          let reader = try ONNXReader(path: path)
          for tensor in reader.model.graph.initializers { _ = try reader.loader.load(tensor) }
        }
      }
    }
  }

  @Test("reads the parts of a model")
  func parts() throws {
    let model = try ONNXReader(path: onnxData("small.onnx")).model
    #expect(model.opsets == ["": 17])
    #expect(model.graph.nodes.map(\.operatorType) == ["Conv", "Relu", "Reshape", "ReduceSum", "Greater", "If"])
    #expect(model.graph.nodes[0].attributes.map(\.name) == ["kernel_shape", "pads", "strides"])
    guard case .tensor(1, let shape?) = model.graph.inputs[0].type else {
      Issue.record("the input's type is \(model.graph.inputs[0].type)")
      return
    }
    #expect(shape == [.named("n"), .fixed(2), .fixed(6), .fixed(6)])
  }
}
