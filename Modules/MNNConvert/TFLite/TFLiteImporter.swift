public import MNNGraph

/// Translates TFLite models to graphs.
public final class TFLiteImporter {
  private let model: TFLiteModel
  private let loader: TFLiteTensorLoader
  private let file: MappedFile
  private var limits = ImportLimits()
  private var symbolCount = 0

  /// Opens the model at `path`.
  ///
  /// - Throws: ``ImportError`` if the file cannot be read or is not a TFLite model.
  public init(path: String) throws(ImportError) {
    do throws(GraphError) { file = try MappedFile(path) } catch {
      throw ImportError(
        .unreadableFile, error.what, file: path, expected: error.expected, found: error.found,
        advice: "check the path given with --modelFile")
    }
    do throws(ImportError) {
      model = try TFLiteModel(TFLiteTable.root(of: TFLiteBytes(file)))
    } catch { throw error.located(file: path) }
    loader = TFLiteTensorLoader(file: file, buffers: model.buffers)
  }

  private func signature(_ name: String?) throws(ImportError) -> TFLiteSignature? {
    guard let name else { return model.signatures.first }
    if let found = model.signatures.first(where: { $0.key == name }) { return found }
    let known = model.signatures.map(\.key).joined(separator: ", ")
    throw ImportError(
      .invalidGraph, "the model has no signature \"\(name)\"", expected: known.isEmpty ? "a signature" : "one of \(known)",
      found: known.isEmpty ? "none" : nil)
  }

  /// The graph of a signature. Constants stay in the mapped file where they can.
  ///
  /// - Parameter name: of several signatures the one that is meant; the first, or the first graph, if nil.
  /// - Throws: ``ImportError``; operators that are not known are reported all at once.
  public func graph(signature name: String? = nil) throws(ImportError) -> Graph {
    do throws(ImportError) {
      return try WorkBudget.ensured { budget throws(ImportError) in
        budget.grow(bytes: file.byteCount)
        try reportUnsupported()
        let chosen = try self.signature(name)
        let main = chosen?.subgraph ?? 0
        guard main < model.subgraphs.count else {
          throw ImportError(.invalidGraph, "a signature's graph does not exist", found: "graph \(main)")
        }
        let signature = chosen
        let target = ImportTarget(name: model.subgraphs[main].name)
        let scope = TFLiteScope(importer: self, target: target, subgraph: model.subgraphs[main], path: [main])
        for index in scope.subgraph.inputs {
          let name = signature?.inputs.first { $0.tensor == index }?.name
          try addInput(index, named: name, to: scope)
        }
        try add(scope.subgraph.operators, to: scope)
        var outputs: [Value.ID] = []
        for index in scope.subgraph.outputs {
          let name = signature?.outputs.first { $0.tensor == index }?.name ?? scope.subgraph.tensors[index].name
          let value = try scope.stored(index)
          outputs.append(
            try scope.converting { () throws(GraphError) in try target.graph.output(value, named: name, besides: outputs) })
        }
        target.graph.setOutputs(outputs)
        for (key, value) in TFLiteMetadata.notes(of: model, loader) { target.graph.metadata[key] = value }
        do throws(GraphError) { try file.check() } catch {
          throw ImportError(.unreadableFile, error.what, file: error.file, advice: error.advice)
        }
        return target.graph
      }
    } catch { throw error.located(file: file.path) }
  }

  /// Looks at every node, also of graphs within nodes, before anything is built.
  private func reportUnsupported() throws(ImportError) {
    var report = UnsupportedReport()
    for subgraph in model.subgraphs {
      for node in subgraph.operators where TFLiteOperators.all[node.name] == nil {
        report.note(
          node.name, domain: node.isCustom ? "CUSTOM" : "",
          node: node.outputs.first.flatMap { $0 < 0 ? nil : subgraph.tensors[$0].name } ?? "")
      }
    }
    try report.check()
  }

  func load(_ tensor: TFLiteTensor) throws(ImportError) -> Tensor? { try loader.load(tensor) }
  func data(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: file.bytes[range]) }

  // MARK: Building

  private func addInput(_ index: Int, named name: String?, to scope: TFLiteScope) throws(ImportError) {
    let info = scope.subgraph.tensors[index]
    let name = name ?? info.name
    let dtype = try DType(tflite: info.type, of: "input \"\(name)\"")
    let sizes = info.signature ?? info.shape
    let dimensions = sizes.enumerated().map { axis, size in
      guard size < 0 else { return Dimension(size) }
      symbolCount += 1
      return .symbol("\(name)_\(axis)#\(symbolCount)")
    }
    try scope.define(index, as: scope.target.graph.addInput(name, type: TensorType(dtype, Shape(dimensions))))
  }

  func add(_ nodes: [TFLiteNode], to scope: TFLiteScope) throws(ImportError) {
    try ImportLimits.checkDepth(scope.path.count)
    for node in nodes {
      let outputNames = node.outputs.map { $0 < 0 ? "" : scope.prefix + scope.subgraph.tensors[$0].name }
      let name = outputNames.first { !$0.isEmpty } ?? scope.prefix + node.name
      do throws(ImportError) {
        let copied = scope.path.count > 1 ? outputNames.reduce(0) { $0 + $1.utf8.count } : nil
        try limits.takeNode(copiedNames: copied)
        guard let op = TFLiteOperators.all[node.name] else {
          throw ImportError(.unsupportedOperators, "the operator is not supported")
        }
        let isStored = op.numbers == .stored || op.numbers == .moved && scope.isQuantizedAlike(node)
        var inputs: [Value.ID?] = []
        for index in node.inputs {
          inputs.append(index < 0 ? nil : try isStored ? scope.stored(index) : scope.number(index, of: node))
        }
        let call = TFLiteCall(node, name: name, inputs: inputs, outputNames: outputNames, isStored: isStored)
        try scope.translate(call, by: op.translate)
      } catch { throw error.located(node: name, operator: node.name) }
    }
  }

  /// Puts a subgraph's nodes in place of the node being translated.
  ///
  /// - Parameter inputs: as they are stored.
  func inline(_ index: Int, _ inputs: [Value.ID], in scope: TFLiteScope, prefix: String) throws(ImportError) -> [Value.ID] {
    let info = try info(index, inputCount: inputs.count)
    let inner = TFLiteScope(importer: self, target: scope.target, subgraph: info, prefix: prefix, path: scope.path + [index])
    return try fill(inner, index, inputs)
  }

  /// A subgraph as a graph of its own, whose inputs have these types.
  ///
  /// - Parameters:
  ///   - leading: inputs of the graph before those of the subgraph.
  ///   - outputs: what the graph gives out, made of the subgraph's outputs.
  func subgraph(
    _ index: Int, inputs: [TensorType?], leading: [TensorType] = [], in scope: TFLiteScope,
    outputs: (TFLiteScope, [Value.ID]) throws(ImportError) -> [Value.ID] = { _, results throws(ImportError) in results }
  ) throws(ImportError) -> Graph {
    let info = try info(index, inputCount: inputs.count)
    let target = ImportTarget(name: info.name)
    target.graph.toleratesMisfits = true
    for (i, type) in leading.enumerated() { target.graph.addInput("\(info.name)/\(i)", type: type) }
    let values = zip(info.inputs, inputs).map { target.graph.addInput(info.tensors[$0].name, type: $1) }
    let inner = TFLiteScope(importer: self, target: target, subgraph: info, path: scope.path + [index])
    let results = try outputs(inner, try fill(inner, index, values))
    var given: [Value.ID] = []
    for result in results {
      given.append(
        try scope.converting { () throws(GraphError) in
          try target.graph.output(result, named: target.graph[result].name, besides: given)
        })
    }
    target.graph.setOutputs(given)
    return target.graph
  }

  private func info(_ index: Int, inputCount: Int) throws(ImportError) -> TFLiteSubgraph {
    guard index >= 0, index < model.subgraphs.count else {
      throw ImportError(
        .invalidGraph, "a graph within the node does not exist", expected: "0 to \(model.subgraphs.count - 1)", found: "\(index)")
    }
    let info = model.subgraphs[index]
    guard info.inputs.count == inputCount, Set(info.inputs).count == inputCount else {
      throw ImportError(
        .invalidGraph, "a graph within the node has the wrong inputs", expected: "\(inputCount)", found: "\(info.inputs.count)")
    }
    return info
  }

  private func fill(_ scope: TFLiteScope, _ index: Int, _ inputs: [Value.ID]) throws(ImportError) -> [Value.ID] {
    guard !scope.path.dropLast().contains(index) else {
      throw ImportError(.tooComplex, "a graph that contains itself cannot be converted", found: "\"\(scope.subgraph.name)\"")
    }
    for (tensor, value) in zip(scope.subgraph.inputs, inputs) { try scope.define(tensor, as: value) }
    try add(scope.subgraph.operators, to: scope)
    var outputs: [Value.ID] = []
    for tensor in scope.subgraph.outputs { outputs.append(try scope.stored(tensor)) }
    return outputs
  }
}

extension TFLiteScope {
  /// Whether all quantized tensors of the node have one scale and zero point, so that their integers can be moved as they are.
  func isQuantizedAlike(_ node: TFLiteNode) -> Bool {
    let infos = (node.inputs + node.outputs).filter { $0 >= 0 }.map { subgraph.tensors[$0] }.filter(\.isQuantized)
    guard let first = infos.first else { return true }
    return first.quantization?.scales.count == 1
      && infos.allSatisfy { $0.type == first.type && $0.quantization?.isAlike(first.quantization) ?? false }
  }

  /// The numbers of an input; of a bias, which is the third, too.
  func number(_ index: Int, of node: TFLiteNode) throws(ImportError) -> Value.ID {
    if node.inputs.count > 2, let bias = try node.inputs[2] == index ? bias(index) : nil { return bias }
    return try number(index)
  }
}

extension TFLiteQuantization {
  func isAlike(_ other: TFLiteQuantization?) -> Bool {
    guard let other, scales.count == 1, blocks == nil, other.blocks == nil else { return false }
    return scales == other.scales && zeroPoints == other.zeroPoints
  }
}
