import Foundation
import MNNGraph
import Testing

@testable import MNNSchema

@Suite struct ExternalWeightsTests {
  /// Models of one form whose weights `seed` decides.
  private func graph(_ seed: Int) throws -> Graph {
    var graph = Graph(name: "pair")
    let x = graph.addInput("x", type: TensorType(.float32, [1, 3, 8, 8]))
    let weight = graph.addConstant(try Tensor(shape: [64, 3, 3, 3], scalars: (0..<1728).map { Float(($0 + seed) % 17) / 8 - 1 }))
    graph.setOutputs([try graph.append(Convolution(), [x, weight], name: "y")[0]])
    graph.metadata = ["author": "me"]
    return graph
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pair-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func write(_ seed: Int, _ path: String) throws {
    var options = MNNWritingOptions()
    options.savesExternalWeights = true
    try graph(seed).writeMNN(to: path, options: options)
  }

  private func copy(_ from: String, _ to: String) throws {
    try? FileManager.default.removeItem(atPath: to)
    try FileManager.default.copyItem(atPath: from, toPath: to)
  }

  private func refuses(_ path: String, location: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: FormatError.self, sourceLocation: location) { try Graph(contentsOfMNN: path) }
    #expect(error?.code == .externalDataInvalid, sourceLocation: location)
    #expect(throws: FormatError.self, sourceLocation: location) { try ModelJSON.copy(contentsOfMNN: path, to: path + ".copy") }
  }

  @Test("JSON does not leave the weights behind")
  func json() throws {
    try inFolder { folder in
      try write(1, folder + "/a.mnn")
      let error = #expect(throws: FormatError.self) {
        try ModelJSON.write(contentsOfMNN: folder + "/a.mnn", to: folder + "/a.json")
      }
      #expect(error?.code == .externalDataInvalid && error?.advice != nil)
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.json"))
    }
  }

  @Test("refuses every mixture of two models")
  func mixtures() throws {
    try inFolder { folder in
      let (a, b, m) = ("\(folder)/a.mnn", "\(folder)/b.mnn", "\(folder)/m.mnn")
      try write(1, a)
      try write(2, b)
      for (model, weights) in [(a, b), (b, a)] {
        try copy(model, m)
        try copy(weights + ".weight", m + ".weight")
        refuses(m)
      }
      // A byte of the contents, of the seal, a tail that is missing or too much.
      let good = try Data(contentsOf: URL(filePath: a + ".weight"))
      try copy(a, m)
      for place in [0, good.count / 2, good.count - 65, good.count - 64, good.count - 30, good.count - 1] {
        var damaged = good
        damaged[place] ^= 1
        try damaged.write(to: URL(filePath: m + ".weight"))
        refuses(m)
      }
      for damaged in [good.dropLast(64), good.dropLast(1), good + [0], good.prefix(0), good.dropFirst(64)] {
        try damaged.write(to: URL(filePath: m + ".weight"))
        refuses(m)
      }
      // The model with a byte changed that it can be read with, and the true weights.
      var model = try Data(contentsOf: URL(filePath: a))
      let author = try #require(model.range(of: Data("author".utf8)))
      model[author.lowerBound] = UInt8(ascii: "A")
      try good.write(to: URL(filePath: m + ".weight"))
      try model.write(to: URL(filePath: m))
      refuses(m)
    }
  }

  @Test("reads files without hashes, as MNN writes them, and copies of a pair")
  func foreign() throws {
    try inFolder { folder in
      let (a, m) = ("\(folder)/a.mnn", "\(folder)/m.mnn")
      try write(1, a)
      let expected = try Graph(contentsOfMNN: a)
      #expect(expected.metadata == ["author": "me"])
      #expect(try ModelInfo(contentsOfMNN: a).metadata == ["author": "me"])
      // As MNN would write it: no note, no seal.
      let file = try MappedFile(a)
      var net = try Wire.Net(decoding: WireStorage(borrowing: file.bytes, from: file))
      var info = try #require(net.extraInfo)
      try info.setWeightsNote(nil)
      net.extraInfo = info
      try net.write(to: m)
      try Data(contentsOf: URL(filePath: a + ".weight")).dropLast(64).write(to: URL(filePath: m + ".weight"))
      func weights(_ path: String) throws -> [[Float]] {
        try Graph(contentsOfMNN: path).liveValues.compactMap { try $0.constant?.scalars(as: Float.self) }
      }
      #expect(try weights(m) == weights(a))
      // Such a model with weights that name another model.
      try copy(a + ".weight", m + ".weight")
      refuses(m)
      // A copy is a pair of its own, over itself too.
      for target in ["\(folder)/copy.mnn", a] {
        try ModelJSON.copy(contentsOfMNN: a, to: target)
        #expect(try weights(target) == weights(a))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.contains("part") })
    }
  }
}
