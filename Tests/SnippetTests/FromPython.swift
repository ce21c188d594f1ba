import Foundation
import MNN
import Testing

/// The Swift side of Docs/from-python.md's table of pymnn, run in one go.
@Suite("From pymnn")
struct FromPython {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test("loads a model with named values, runs it, and reads what it gives")
  func models() throws {
    let digits = SnippetTests.root.appendingPathComponent("Tests/Data/digits").path
    try inFolder { folder in
      try Converter().convert("\(digits)/digits_mobilenet.onnx", format: .onnx, to: "\(folder)/a.mnn")
      var runtime = try RuntimeManager.cpu(threads: 4, precision: .low, memory: .low)
      runtime.cachePath = "\(folder)/user.cache"
      let own = try nn.loadModule(fromFile: "\(folder)/a.mnn")
      let net = try nn.loadModule(
        fromFile: "\(folder)/a.mnn", inputs: [own.inputs[0].name], outputs: [own.outputs[0].name], runtime: runtime,
        shapeMutable: false)
      var x = np.full([1, 1, 32, 32], 0.5)
      x.setOrder(.NCHW)
      let y = try net.forward([x.convert(to: .NC4HW4)])[0]
      #expect(try y.shape == [1, 10] && y.dtype == .float32)
      let wanted = try own.forward([x])[0].scalars(as: Float.self)
      #expect(try zip(y.scalars(as: Float.self), wanted).allSatisfy { abs($0 - $1) < 1e-2 })
    }
  }

  @Test("makes an expression, saves it and loads it")
  func expressions() throws {
    try inFolder { folder in
      var x = expr.placeholder([2, 2])
      x.name = "x"
      var y = x * expr.const([Float(1), 2, 3, 4], shape: [2, 2])
      y.name = "y"
      try expr.save([y], to: "\(folder)/y.mnn")
      let loaded = try expr.loadAsDict("\(folder)/y.mnn")
      #expect(loaded["x"]?.format == .NCHW)
      #expect(try expr.loadAsList("\(folder)/y.mnn").count >= 3)
      let product = try nn.loadModule(inputs: [#require(loaded["x"])], outputs: [#require(loaded["y"])])
      try x.write([Float(2), 2, 2, 2])
      let result = try product.forward([x])[0]
      #expect(try result.scalars(as: Float.self) == [2, 4, 6, 8] && result.tensor().shape == [2, 2])
    }
  }
}
