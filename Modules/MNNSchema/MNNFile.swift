public import MNNGraph

extension Graph {
  /// Reads a `.mnn` model. The file is mapped; weights are borrowed from it, not copied.
  ///
  /// - Parameters:
  ///   - path: the model.
  ///   - externalWeights: the file of its weights, if they are in one; nil for the model's path with `.weight` added.
  /// - Throws: ``FormatError``. The file is untrusted: it is verified and validated before anything is built.
  public init(contentsOfMNN path: String, externalWeights: String? = nil) throws(FormatError) {
    do throws(FormatError) {
      let file: MappedFile
      do throws(GraphError) { file = try MappedFile(path) } catch { throw FormatError(error, .fileUnreadable) }
      let net = try Wire.Net(decoding: WireStorage(borrowing: file.bytes, from: file))
      try self.init(net, external: try net.externalFile(externalWeights ?? path + ".weight", isStated: externalWeights != nil))
    } catch { throw error.inFile(path) }
  }

  /// Reads a `.mnn` model from memory, for example one that came over a network.
  public init(mnn bytes: [UInt8]) throws(FormatError) {
    try self.init(try Wire.Net(decoding: WireStorage(bytes)), external: nil)
  }

  package init(_ net: Wire.Net, external: MappedFile?) throws(FormatError) {
    try net.validate(externalByteCount: external?.byteCount)
    let model = ReadingModel(net, weights: WeightSource(external: external))
    let scope = ReadingScope(
      name: net.bizCode ?? "", tensorNames: net.tensorName ?? [], describes: net.extraTensorDescribe ?? [], model: model)
    scope.graph.format = model.isChannelsLast ? .NHWC : .NCHW
    try scope.readAll(net.oplists ?? [], declaresInputs: true)
    if let info = net.extraInfo { scope.graph.metadata = try info.metadata() }
    var graph = scope.graph
    graph.setOutputs(try net.outputs(in: scope))
    self = graph
  }

  /// Writes the graph as a `.mnn` model, and its weights beside it if the options say so. Files appear when they are
  /// complete, or not at all.
  ///
  /// - Throws: ``FormatError``; ``FormatError/Code/operatorUnsupported`` lists all operators that the format cannot hold.
  public func writeMNN(to path: String, options: MNNWritingOptions = MNNWritingOptions()) throws(FormatError) {
    do throws(FormatError) {
      let (net, external) = try encoded(options)
      try net.write(to: path, external: external)
    } catch { throw error.inFile(path) }
  }

  /// The graph as the bytes of a `.mnn` model. Weights cannot be external.
  public func mnnBytes(options: MNNWritingOptions = MNNWritingOptions()) throws(FormatError) -> [UInt8] {
    var options = options
    options.savesExternalWeights = false
    return try encoded(options).net.encoded().bytes
  }

  package func encoded(_ options: MNNWritingOptions) throws(FormatError) -> (net: Wire.Net, external: [WireBlock]) {
    let graph = try Legalization.writable(self)
    // Offsets are 31 bits wide; the original moves weights out at the same size.
    let weights = graph.liveValues.reduce(0) { $0 + ($1.constant?.byteCount ?? 0) }
    let model = WritingModel(options, savesExternally: options.savesExternalWeights || weights > 2_000_000_000)
    let scope = WritingScope(graph, model: model)
    try scope.writeAll()
    var net = Wire.Net()
    net.bizCode = options.bizCode
    net.oplists = scope.operators
    net.tensorName = scope.tensorNames
    net.outputName = try graph.outputs.map { id throws(FormatError) in scope.tensorNames[Int(try scope.tensor(id))] }
    net.sourceType = .ONNX
    net.usage = .INFERENCE
    if !model.subgraphs.isEmpty { net.subgraphs = model.subgraphs }
    if !scope.describes.isEmpty { net.extraTensorDescribe = scope.describes }
    net.mnn_uuid = options.uuid
    var info = Wire.ExtraInfo()
    info.version = "3.6.1"
    try info.setMetadata(metadata)
    net.extraInfo = info
    return (net, model.external)
  }
}

extension Wire.Net {
  /// Writes the model, and `external` beside it if there is any: both appear when they are complete, or neither.
  func write(to path: String, external: [WireBlock] = []) throws(FormatError) {
    let image = try encoded()
    do throws(GraphError) {
      var file = try AtomicFile(path)
      try image.forEachPiece { bytes throws(GraphError) in try file.write(bytes) }
      if !external.isEmpty {
        var weights = try AtomicFile(path + ".weight")
        for block in external { try block.withUnsafeBytes { bytes throws(GraphError) in try weights.write(bytes) } }
        try weights.commit()
      }
      try file.commit()
    } catch { throw FormatError(error, .fileUnwritable) }
  }

  /// The file of external weights, if any operator refers to one.
  func externalFile(_ path: String, isStated: Bool) throws(FormatError) -> MappedFile? {
    guard isStated || usesExternalWeights else { return nil }
    do throws(GraphError) { return try MappedFile(path) } catch {
      throw FormatError(
        .externalDataInvalid, "the model's weights are in another file, which cannot be read", expected: path,
        found: error.found, advice: "put the weights beside the model, or name their file")
    }
  }

  private var usesExternalWeights: Bool {
    let operators = (oplists ?? []) + (subgraphs ?? []).flatMap { $0.nodes ?? [] }
    return operators.contains { op in
      let external =
        op.main(as: Wire.Convolution2D.self)?.external ?? op.main(as: Wire.Blob.self)?.external
        ?? op.main(as: Wire.Scale.self)?.external ?? op.main(as: Wire.LayerNorm.self)?.external
      return external.map { !$0.isEmpty } ?? false
    }
  }

  /// The outputs by name; where the file lists none, what nothing uses.
  func outputs(in scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let names = tensorName ?? []
    guard let outputName, !outputName.isEmpty else {
      let used = Set((oplists ?? []).flatMap { Array($0.inputIndexes ?? []) })
      return names.indices.map { Int32($0) }.filter { !used.contains($0) }.compactMap { scope.value($0) }
    }
    var outputs: [Value.ID] = []
    for name in outputName {
      guard let index = names.lastIndex(of: name), let id = scope.value(Int32(index)) else {
        throw FormatError(.missing, "an output of the model is never made", found: "\"\(name)\"")
      }
      outputs.append(id)
    }
    return outputs
  }
}
