public import MNNGraph

/// Translates frozen TensorFlow graphs and saved models.
public final class TFImporter {
  private let model: TFModel
  private let file: MappedFile
  private let loader: TFTensorLoader
  /// Of a saved model: what callers give and get.
  private let signature: TFSavedModel.Signature?
  /// Where a saved model's variables are; nil for a frozen graph.
  private let checkpoint: TFCheckpoint?
  private var variables: TFVariables?
  private var functions: [String: TFFrames] = [:]
  private var limits = ImportLimits()
  private var symbolCount = 0

  /// Opens the model at `path`: a frozen graph, or the folder of a saved model (or `saved_model.pb` in it).
  ///
  /// - Parameter signature: of a saved model the name of the inputs and outputs that are meant; `serving_default`, or the only one, if nil.
  /// - Throws: ``ImportError`` if the file cannot be read or is not a TensorFlow graph, or if there is no such signature.
  public init(path: String, signature: String? = nil) throws(ImportError) {
    let folder = TFImporter.folder(path)
    file = try TFImporter.opened(folder.map { "\($0)/\(TFImporter.modelName)" } ?? path)
    loader = TFTensorLoader(file: file)
    guard let folder else {
      if let signature {
        throw ImportError(.invalidGraph, "a frozen graph has no signatures", file: path, found: signature)
      }
      (self.signature, checkpoint) = (nil, nil)
      model = try TFImporter.read(file, nil, path)
      return
    }
    let saved = try TFImporter.readSaved(file)
    self.signature = try TFImporter.signature(signature, of: saved, file.path)
    model = try TFImporter.read(file, saved.graph, file.path)
    checkpoint =
      model.nodes.contains { TFVariables.handles.contains($0.op) } ? try TFCheckpoint(path: "\(folder)/variables/variables") : nil
  }

  private static let modelName = "saved_model.pb"

  /// Whether a path is the folder of a saved model.
  static func isFolder(_ path: String) -> Bool { folder(path) != nil }

  /// The folder of a saved model.
  private static func folder(_ path: String) -> String? {
    if path.hasSuffix("/" + modelName) { return String(path.dropLast(modelName.count + 1)) }
    if path == modelName { return "." }
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    return (try? MappedFile("\(folder)/\(modelName)")) != nil ? folder : nil
  }

  private static func readSaved(_ file: MappedFile) throws(ImportError) -> TFSavedModel {
    do throws(ImportError) { return try TFSavedModel(file.bytes.bytes) } catch { throw error.located(file: file.path) }
  }

  private static func signature(
    _ name: String?, of model: TFSavedModel, _ path: String
  ) throws(ImportError) -> TFSavedModel.Signature {
    do throws(ImportError) { return try model.signature(name) } catch { throw error.located(file: path) }
  }

  private static func opened(_ path: String) throws(ImportError) -> MappedFile {
    do throws(GraphError) { return try MappedFile(path) } catch {
      throw ImportError(
        .unreadableFile, error.what, file: path, expected: error.expected, found: error.found,
        advice: "check the path given with --modelFile")
    }
  }

  // A function of its own: within the initializer it ends Swift 6.3's optimizer.
  private static func read(_ file: MappedFile, _ range: Range<Int>?, _ path: String) throws(ImportError) -> TFModel {
    do throws(ImportError) { return try TFReader(file.bytes.bytes, range).model } catch { throw error.located(file: path) }
  }

  /// The model as a graph. Its outputs are what no node uses. Constants stay in the mapped file where they can.
  ///
  /// - Throws: ``ImportError``; operators that are not known are reported all at once.
  public func graph() throws(ImportError) -> Graph {
    do throws(ImportError) {
      return try WorkBudget.ensured { budget throws(ImportError) in
        budget.grow(bytes: file.byteCount)
        let frames = try TFFrames(model.nodes)
        if let checkpoint { variables = TFVariables(model, frames, checkpoint: checkpoint) }
        if let signature { return try graph(frames, signature) }
        let outputs = outputs(of: frames)
        guard !outputs.isEmpty else {
          throw ImportError(.malformedFile, "the graph has no outputs", expected: "a node that nothing uses", found: "none")
        }
        let used = try reportUnsupported(frames, outputs)
        let target = ImportTarget(name: "")
        let scope = try TFScope(importer: self, target: target, body: frames)
        for name in frames.names where used.contains(name) && frames.nodes[name]?.op == "Placeholder" {
          _ = try scope.value(name)
        }
        var given: [Value.ID] = []
        for name in outputs {
          var index = 0
          while true {
            let reference = index == 0 ? name : "\(name):\(index)"
            guard index == 0 || scope.has(output: index, of: name) else { break }
            let value = try scope.tensor(reference)
            given.append(
              try scope.converting { () throws(GraphError) in try target.graph.output(value, named: reference, besides: given) })
            index += 1
          }
        }
        target.graph.setOutputs(given)
        try check()
        return target.graph
      }
    } catch { throw error.located(file: file.path) }
  }

  private func check() throws(ImportError) {
    do throws(GraphError) { try file.check() } catch {
      throw ImportError(.unreadableFile, error.what, file: error.file, advice: error.advice)
    }
  }

  /// A saved model, with the names that its callers know.
  private func graph(_ frames: TFFrames, _ signature: TFSavedModel.Signature) throws(ImportError) -> Graph {
    guard !signature.outputs.isEmpty else {
      throw ImportError(.invalidGraph, "the signature has no outputs", expected: "at least one", found: "none")
    }
    _ = try reportUnsupported(frames, signature.outputs.map { TFFrames.source($0.reference) })
    let target = ImportTarget(name: "")
    let scope = try TFScope(importer: self, target: target, body: frames)
    for (key, reference) in signature.inputs { target.graph.setName(key, of: try scope.tensor(reference)) }
    var given: [Value.ID] = []
    for (key, reference) in signature.outputs {
      let value = try scope.tensor(reference)
      given.append(try scope.converting { () throws(GraphError) in try target.graph.output(value, named: key, besides: given) })
    }
    target.graph.setOutputs(given)
    try check()
    return target.graph
  }

  /// What no node uses, not even to come after it, and is more than a constant.
  private func outputs(of frames: TFFrames) -> [String] {
    var used: Set<String> = []
    for node in frames.nodes.values { for input in node.inputs { used.insert(TFFrames.source(input)) } }
    let silent: Set<String> = [
      "NoOp", "Assert", "Const", "Placeholder", "PlaceholderWithDefault", "Exit", "Switch", "CheckNumerics",
    ]
    let ends = frames.names.filter { name in !used.contains(name) && !silent.contains(frames.nodes[name]?.op ?? "") }
    // A constant may be all that there is to give out.
    return ends.isEmpty ? frames.names.filter { !used.contains($0) && frames.nodes[$0]?.op == "Const" } : ends
  }

  /// Looks at every node that is needed, also of functions, before anything is built.
  ///
  /// - Returns: the names of the nodes that are needed.
  private func reportUnsupported(_ frames: TFFrames, _ outputs: [String]) throws(ImportError) -> Set<String> {
    var report = UnsupportedReport()
    func visit(_ nodes: [String: TFNode], from roots: [String]) -> (Set<String>, [String]) {
      var (seen, calls): (Set<String>, [String]) = ([], [])
      var stack = roots
      while let name = stack.popLast() {
        guard let node = nodes[name], seen.insert(name).inserted else { continue }
        if TFOperators.all[node.op] == nil, model.functions[node.op] == nil { report.note(node.op, node: name) }
        if model.functions[node.op] != nil { calls.append(node.op) }
        for case .function(let function) in node.attributes.values { calls.append(function) }
        stack += node.inputs.filter { !$0.hasPrefix("^") }.map { TFFrames.source($0) }
      }
      return (seen, calls)
    }
    let (used, first) = visit(frames.nodes, from: outputs)
    var (seen, pending): (Set<String>, [String]) = ([], first)
    while let name = pending.popLast() {
      guard let function = model.functions[name], seen.insert(name).inserted else { continue }
      let nodes = Dictionary(function.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      pending += visit(nodes, from: function.results.values.map { TFFrames.source($0) }).1
    }
    try report.check()
    return used
  }

  // MARK: Building

  func translate(_ node: TFNode, in scope: TFScope) throws(ImportError) {
    let isCopy = scope.depth > 0
    try limits.takeNode(copiedNames: isCopy ? scope.prefix.utf8.count.saturatingAdd(node.name.utf8.count) : nil)
    var values: [TFValue] = []
    // What comes in from outside, and what stands for a whole loop or condition, is found by the translator.
    let isLazy =
      ["Exit", "Merge"].contains(node.op) || node.op == "Enter" && scope.entersThis(node)
      || node.op == "Switch" && scope.isGate(node)
    if !isLazy {
      for input in node.inputs where !input.hasPrefix("^") { values.append(try scope.value(input)) }
    }
    let call = TFCall(node, name: scope.prefix + node.name, values: values, attributes: node.attributes)
    if let op = TFOperators.all[node.op] { return try scope.translate(call, by: op.translate) }
    guard model.functions[node.op] != nil else { throw ImportError(.unsupportedOperators, "the operator is not supported") }
    try scope.translate(call) { call, scope throws(ImportError) in
      try scope.finish(values: try scope.importer.inline(call.node.op, call.values, in: scope, prefix: call.name + "/"))
    }
  }

  func load(_ tensor: TFTensor, named name: String) throws(ImportError) -> Tensor { try loader.load(tensor, named: name) }

  /// What a variable of a saved model holds.
  func variable(_ node: String) throws(ImportError) -> Tensor {
    guard let variables else {
      throw ImportError(
        .externalData, "the graph has a variable, and no checkpoint beside it",
        advice: "freeze the graph, or give the folder of the saved model")
    }
    return try variables.tensor(of: node)
  }

  /// A name for a size that the file leaves open.
  func symbol(_ name: String, _ axis: Int) -> Dimension {
    symbolCount += 1
    return .symbol("\(name)_\(axis)#\(symbolCount)")
  }

  private func frames(of function: TFFunction) throws(ImportError) -> TFFrames {
    if let known = functions[function.name] { return known }
    let frames = try TFFrames(function.nodes)
    functions[function.name] = frames
    return frames
  }

  private func function(_ name: String, _ inputs: [TFValue]) throws(ImportError) -> TFFunction {
    guard let function = model.functions[name] else {
      throw ImportError(.invalidGraph, "function \"\(name)\" is not in the file", advice: "freeze or export the model again")
    }
    guard function.inputs.count == inputs.count else {
      throw ImportError(
        .invalidGraph, "function \"\(name)\" has other inputs", expected: "\(function.inputs.count)", found: "\(inputs.count)")
    }
    return function
  }

  /// Puts a function's nodes in place of the node that calls it.
  func inline(_ name: String, _ inputs: [TFValue], in scope: TFScope, prefix: String) throws(ImportError) -> [TFValue] {
    try fill(name, inputs, target: scope.target, prefix: prefix, depth: scope.depth + 1).results
  }

  /// A function's nodes in a graph; its results, and the scope that they are in.
  func fill(
    _ name: String, _ inputs: [TFValue], target: ImportTarget, prefix: String, depth: Int, _ prepare: (TFScope) -> Void = { _ in }
  ) throws(ImportError) -> (results: [TFValue], scope: TFScope) {
    let function = try function(name, inputs)
    let body = try TFScope(importer: self, target: target, body: try frames(of: function), prefix: prefix, depth: depth)
    prepare(body)
    for (argument, value) in zip(function.inputs, inputs) { body.bind(argument: argument, to: value) }
    var results: [TFValue] = []
    for output in function.outputs { results.append(try body.value(function.results[output] ?? output)) }
    return (results, body)
  }
}

extension TFScope {
  func has(output index: Int, of name: String) -> Bool { (resultCount(of: name) ?? 0) > index }
}
