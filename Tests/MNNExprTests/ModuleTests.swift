import Foundation
import MNNExpr
import MNNGraph
import MNNRuntime
import Testing

@Suite struct ModuleTests {
  private static func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("expr-\(UUID().uuidString).mnn").path
  }

  @Test("captures an expression as a module")
  func capture() throws {
    let x = Variable.placeholder(shape: [-1, 3], name: "x")
    let y = expr.softmax(x * 2 + 1)
    #expect(try y.shape == [-1, 3])
    let module = try nn.loadModule(inputs: [x], outputs: [y])
    for rows in [1, 4] {
      let data = Variable([Float](repeating: 0.5, count: rows * 3), shape: [rows, 3])
      let result = try module.forward([data])
      #expect(try result[0].shape == [rows, 3])
      #expect(try result[0].scalars(as: Float.self).allSatisfy { abs($0 - 1 / 3) < 1e-6 })
    }
  }

  @Test("says which placeholder is missing")
  func missing() throws {
    let x = Variable.placeholder(shape: [3], name: "x")
    let y = Variable.placeholder(shape: [3], name: "y")
    #expect { _ = try nn.loadModule(inputs: [x], outputs: [x + y]) } throws: {
      ($0 as? ExprError)?.code == .placeholderUnset
    }
    #expect { _ = try (x + 1).tensor() } throws: { ($0 as? ExprError)?.code == .placeholderUnset }
    #expect { _ = try nn.loadModule(inputs: [Variable([Float(1)])], outputs: [x]) } throws: {
      ($0 as? ExprError)?.code == .argumentInvalid
    }
  }

  @Test("saves and loads an expression under its names")
  func roundTrip() throws {
    var x = Variable.placeholder(shape: [1, 3, 8, 8], name: "image")
    let conv = nn.conv(inChannel: 3, outChannel: 4, kernelSize: [3, 3], padding: [1, 1])
    var y = expr.relu(conv(x)).mean(axes: [2, 3])
    y.name = "features"
    var z = expr.softmax(y)
    z.name = "prob"
    let path = Self.path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try expr.save([y, z], to: path)

    let image = Variable((0..<192).map { Float($0) / 100 }, shape: [1, 3, 8, 8])
    let direct = try nn.loadModule(inputs: [x], outputs: [y, z]).forward([image])
    let module = try nn.loadModule(fromFile: path, inputs: ["image"], outputs: ["features", "prob"])
    let loaded = try module.forward([image])
    for (a, b) in zip(direct, loaded) {
      #expect(try zip(a.scalars(as: Float.self), b.scalars(as: Float.self)).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    let variables = try expr.loadAsDict(path)
    let (inputs, outputs) = expr.inputsAndOutputs(variables)
    #expect(inputs.keys.sorted() == ["image"])
    #expect(outputs.keys.contains("prob"))
    let prob = try #require(variables["prob"])
    let again = try nn.loadModule(inputs: [#require(inputs["image"])], outputs: [prob]).forward([image])
    #expect(try zip(again[0].scalars(as: Float.self), direct[1].scalars(as: Float.self)).allSatisfy { abs($0 - $1) < 1e-5 })
    try x.write([Float](repeating: 1, count: 192))
    #expect(try conv(x).shape == [1, 4, 8, 8])
  }

  @Test("throws for files that are missing or damaged")
  func badFiles() throws {
    #expect { _ = try expr.loadAsList("/does/not/exist.mnn") } throws: { ($0 as? ExprError)?.code == .file }
    #expect { _ = try nn.loadModule(fromFile: "/does/not/exist.mnn") } throws: { ($0 as? ExprError)?.code == .file }
    let path = Self.path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
    #expect { _ = try expr.loadAsDict(path) } throws: { ($0 as? ExprError)?.code == .file }
  }

  @Test("converts images to the model's format, unless the order is set")
  func formats() throws {
    let x = Variable.placeholder(shape: [1, 2, 2, 3], name: "x")
    let module = try nn.loadModule(inputs: [x], outputs: [x + 0])
    var image = Variable((0..<12).map { Float($0) }, shape: [1, 2, 3, 2], format: .NHWC)
    #expect(try module.forward([image])[0].scalars(as: Float.self) == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
    image = Variable((0..<12).map { Float($0) }, shape: [1, 2, 2, 3], format: .NHWC)
    image.setOrder(.NCHW)
    #expect(try module.forward([image])[0].scalars(as: Float.self) == (0..<12).map { Float($0) })
  }

  @Test("runs layers")
  func layers() throws {
    let linear = nn.linear(4, 2)
    let x = Variable([Float](repeating: 1, count: 8), shape: [2, 4])
    #expect(try linear(x).shape == [2, 2])
    var norm = nn.batchNorm(3, epsilon: 0)
    norm.parameters["mean"] = [1.0, 2.0, 3.0]
    norm.parameters["variance"] = [4.0, 4.0, 4.0]
    let image = Variable([Float](repeating: 3, count: 12), shape: [1, 3, 2, 2])
    let expected: [Float] = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0]
    #expect(try zip(norm(image).scalars(as: Float.self), expected).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(try nn.dropout(0.5)(x).scalars(as: Float.self) == x.scalars(as: Float.self))
    #expect(throws: ExprError.self) { try nn.conv(inChannel: 0, outChannel: 1, kernelSize: [3])(image).tensor() }
  }
}
