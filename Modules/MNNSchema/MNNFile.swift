public import MNNGraph

extension Graph {
  /// Reads a `.mnn` model. The file is mapped; weights are borrowed from it, not copied.
  ///
  /// - Parameters:
  ///   - path: the model.
  ///   - externalWeights: the file of its weights, if they are in one; nil for the model's path with `.weight` added.
  /// - Throws: ``FormatError``. The file is untrusted: it is verified and validated before anything is built. Weights in a second
  ///   file that was not written together with the model are refused.
  public init(contentsOfMNN path: String, externalWeights: String? = nil) throws(FormatError) {
    do throws(FormatError) {
      let file: MappedFile
      do throws(GraphError) { file = try MappedFile(path) } catch { throw FormatError(error, .fileUnreadable) }
      let net = try Wire.Net(decoding: WireStorage(borrowing: file.bytes, from: file))
      let external = try net.externalFile(externalWeights ?? path + ".weight", isStated: externalWeights != nil, of: file)
      try self.init(net, byteCount: file.byteCount, external: external)
      try file.checked()
      try external?.checked()
    } catch { throw error.inFile(path) }
  }

  /// Reads a `.mnn` model from memory, for example one that came over a network.
  public init(mnn bytes: [UInt8]) throws(FormatError) {
    try self.init(try Wire.Net(decoding: WireStorage(bytes)), byteCount: bytes.count, external: nil)
  }

  /// - Parameter byteCount: what the file holds, which decides how much may be made of it.
  package init(_ net: Wire.Net, byteCount: Int = 0, external: MappedFile?) throws(FormatError) {
    self = try WorkBudget.ensured { budget throws(FormatError) in
      budget.grow(bytes: byteCount.saturatingAdd(external?.byteCount ?? 0))
      return try Graph.read(net, external: external)
    }
  }

  private static func read(_ net: Wire.Net, external: MappedFile?) throws(FormatError) -> Graph {
    try net.validate(externalByteCount: external?.byteCount)
    let weights = WeightSource(external: external)
    do throws(FormatError) { return try Graph.reading(net, weights, .asStated) } catch {
      // The sizes that a file states for its inputs are an example; a first axis that is open is stated as 1. Operators that do not
      // fit the example may fit what is fed.
      guard error.code == .graphInvalid else { throw error }
      for sizes in [ReadingScope.InputSizes.openFirst, .open] {
        if let graph = try? Graph.reading(net, weights, sizes) { return graph }
      }
      throw error
    }
  }

  private static func reading(
    _ net: Wire.Net, _ weights: WeightSource, _ sizes: ReadingScope.InputSizes
  ) throws(FormatError) -> Graph {
    let model = ReadingModel(net, weights: weights)
    let scope = try ReadingScope(
      name: net.bizCode ?? "", tensorNames: net.tensorName ?? [], describes: net.extraTensorDescribe ?? [], model: model)
    scope.inputSizes = sizes
    scope.graph.format = model.isChannelsLast ? .NHWC : .NCHW
    try scope.readAll(net.oplists ?? [], declaresInputs: true)
    if let info = net.extraInfo { scope.graph.metadata = try info.metadata() }
    var graph = scope.graph
    graph.setOutputs(try net.outputs(in: scope))
    try graph.findSpelledCodes()
    return graph
  }

  /// Writes the graph as a `.mnn` model, and its weights beside it if the options say so. Files appear when they are
  /// complete, or not at all.
  ///
  /// - Returns: what it did to the weights.
  /// - Throws: ``FormatError``; ``FormatError/Code/operatorUnsupported`` lists all operators that the format cannot hold.
  @discardableResult
  public func writeMNN(
    to path: String, options: MNNWritingOptions = MNNWritingOptions()
  ) throws(FormatError) -> MNNWritingReport {
    do throws(FormatError) {
      let sources = mappedFiles
      let (net, external, report) = try encoded(options)
      try net.write(to: path, external: external, from: sources)
      return report
    } catch { throw error.inFile(path) }
  }

  /// The graph as the bytes of a `.mnn` model. Weights cannot be external.
  public func mnnBytes(options: MNNWritingOptions = MNNWritingOptions()) throws(FormatError) -> [UInt8] {
    var options = options
    options.savesExternalWeights = false
    return try encoded(options).net.encoded().bytes
  }

  package typealias Encoded = (net: Wire.Net, external: [WireBlock], report: MNNWritingReport)

  package func encoded(_ options: MNNWritingOptions) throws(FormatError) -> Encoded {
    try WorkBudget.ensured(.conversion.adding(bytes: constantByteCount)) { _ throws(FormatError) in try written(options) }
  }

  private func written(_ options: MNNWritingOptions) throws(FormatError) -> Encoded {
    let graph = try Legalization.writable(self)
    // Offsets are 31 bits wide; MNN moves weights out at the same size.
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
    return (net, model.external, model.report)
  }
}

extension Wire.Net {
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

extension MappedFile {
  func checked() throws(FormatError) {
    do throws(GraphError) { try check() } catch { throw FormatError(error, .fileUnreadable) }
  }
}
