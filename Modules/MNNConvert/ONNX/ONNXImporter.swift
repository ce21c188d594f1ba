public import MNNGraph

/// Translates ONNX models to graphs.
public final class ONNXImporter {
  private let reader: ONNXReader
  private let functions: [FunctionKey: ONNXFunction]
  private var limits = ImportLimits()
  private var symbolCount = 0

  struct FunctionKey: Hashable {
    var domain: String
    var name: String
    var overload: String
  }

  /// Opens the model at `path`.
  ///
  /// - Throws: ``ImportError`` if the file cannot be read or is not an ONNX model.
  public init(path: String) throws(ImportError) {
    reader = try ONNXReader(path: path)
    functions = Dictionary(
      reader.model.functions.map { (FunctionKey(domain: $0.domain, name: $0.name, overload: $0.overload), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The model as a graph. Constants stay in the mapped file where they can.
  ///
  /// - Throws: ``ImportError``; operators that are not known are reported all at once.
  public func graph() throws(ImportError) -> Graph {
    do throws(ImportError) {
      return try WorkBudget.ensured { budget throws(ImportError) in
        budget.grow(bytes: reader.loader.byteCount)
        let model = reader.model
        try checkOpsets(model.opsets)
        try reportUnsupported()
        let target = ONNXTarget(name: model.graph.name)
        try fill(ONNXScope(importer: self, target: target, opsets: model.opsets), from: model.graph, inputs: [])
        for (key, value) in model.metadata { target.graph.metadata[key] = value }
        try reader.loader.checkFiles()
        return target.graph
      }
    } catch {
      throw error.located(file: reader.path)
    }
  }

  private func checkOpsets(_ opsets: [String: Int64]) throws(ImportError) {
    guard let opset = opsets[""] else { return }
    guard opset >= 1, opset <= ONNXOperators.newestOpset else {
      throw ImportError(
        .unsupportedOpset, "the operator set is not known", expected: "1 to \(ONNXOperators.newestOpset)",
        found: "\(opset)", advice: "export the model for operator set \(ONNXOperators.newestOpset) or older")
    }
  }

  // MARK: What cannot be translated

  /// Looks at every node, also in branches, bodies and functions, before anything is built.
  private func reportUnsupported() throws(ImportError) {
    var report = UnsupportedReport()
    var seen: Set<FunctionKey> = []
    func visit(_ nodes: [ONNXNode], outputs: [String], _ opsets: [String: Int64]) {
      for node in ONNXUses(of: nodes, outputs: outputs).nodes {
        for attribute in node.attributes {
          switch attribute.value {
          case .graph(let graph): visit(graph.nodes, outputs: graph.outputs.map(\.name), opsets)
          case .graphs(let graphs): for graph in graphs { visit(graph.nodes, outputs: graph.outputs.map(\.name), opsets) }
          default: break
          }
        }
        if let (key, function) = function(of: node) {
          if seen.insert(key).inserted { visit(function.nodes, outputs: function.outputs, function.opsets) }
          continue
        }
        let opset = opsets[node.domain] ?? 1
        if translate(node, opset: opset) != nil { continue }
        report.note(
          node.operatorType, domain: node.domain, opset: opset,
          node: node.name.isEmpty ? node.outputs.first ?? "" : node.name)
      }
    }
    visit(reader.model.graph.nodes, outputs: reader.model.graph.outputs.map(\.name), reader.model.opsets)
    try report.check()
  }

  private func function(of node: ONNXNode) -> (FunctionKey, ONNXFunction)? {
    let key = FunctionKey(domain: node.domain, name: node.operatorType, overload: node.overload)
    return functions[key].map { (key, $0) }
  }

  private func translate(_ node: ONNXNode, opset: Int64) -> ONNXOperator.Translate? {
    ONNXOperators.all[.init(domain: node.domain, name: node.operatorType)]?.translate(opset: opset)
  }

  // MARK: Building

  /// Fills the scope's graph: inputs, constants, nodes, outputs.
  ///
  /// - Parameter inputs: types for inputs whose own type is not stated.
  func fill(_ scope: ONNXScope, from graph: ONNXGraph, inputs: [TensorType?]) throws(ImportError) {
    let constants = Set(graph.initializers.map(\.name) + graph.sparseInitializers.map(\.values.name))
    let uses = ONNXUses(of: graph.nodes, outputs: graph.outputs.map(\.name))
    for (index, input) in graph.inputs.enumerated() where !constants.contains(input.name) {
      try add(input, type: index < inputs.count ? inputs[index] : nil, isUsed: uses.names.contains(input.name), to: scope)
    }
    // What nothing uses need not be of a type that there are tensors of.
    for tensor in graph.initializers where uses.names.contains(tensor.name) {
      try scope.define(
        tensor.name, as: scope.target.addConstant(tensor, try reader.loader.load(tensor), name: tensor.name))
    }
    for sparse in graph.sparseInitializers where uses.names.contains(sparse.values.name) {
      let tensor = try reader.loader.load(sparse)
      try scope.define(sparse.values.name, as: scope.target.graph.addConstant(tensor, name: sparse.values.name))
    }
    try add(uses.nodes, to: scope)
    var outputs: [Value.ID] = []
    for output in graph.outputs {
      if let structure = scope.structure(output.name) {
        let parts = try scope.outputs(of: structure, named: output.name)
        scope.target.noteOutput(structure)
        outputs += parts
        continue
      }
      scope.target.noteOutput(nil)
      guard let value = scope.lookup(output.name) else {
        throw ImportError(.invalidGraph, "output \"\(output.name)\" is never made")
      }
      outputs.append(
        try scope.converting { () throws(GraphError) in
          try scope.target.graph.output(value, named: output.name, besides: outputs)
        })
    }
    scope.target.graph.setOutputs(outputs)
  }

  /// Adds an input. One that nothing uses is left out if it is no tensor: it could not be fed.
  private func add(
    _ input: ONNXValueInfo, type known: TensorType?, isUsed: Bool, to scope: ONNXScope
  ) throws(ImportError) {
    if scope.outer != nil, input.type.isSequence {
      let (elements, layout) = (
        scope.target.graph.addInput("\(input.name).elements", type: nil),
        scope.target.graph.addInput("\(input.name).layout", type: nil)
      )
      return try scope.define(input.name, as: .packed(elements: elements, layout: layout))
    }
    let type: TensorType?
    do throws(ImportError) { type = try tensorType(input) } catch {
      guard error.code == .unsupportedType, !isUsed, scope.outer == nil else { throw error }
      return
    }
    try scope.define(input.name, as: scope.target.graph.addInput(input.name, type: type ?? known))
  }

  /// Adds a graph in place of a node: its inputs are defined in the scope, its constants become ones of the scope's graph.
  func add(_ graph: ONNXGraph, to scope: ONNXScope) throws(ImportError) {
    let uses = ONNXUses(of: graph.nodes, outputs: graph.outputs.map(\.name))
    for tensor in graph.initializers where uses.names.contains(tensor.name) {
      try scope.define(
        tensor.name, as: scope.target.addConstant(tensor, try reader.loader.load(tensor), name: scope.prefix + tensor.name))
    }
    try add(uses.nodes, to: scope)
  }

  func add(_ nodes: [ONNXNode], to scope: ONNXScope) throws(ImportError) {
    try ImportLimits.checkDepth(scope.depth)
    for node in nodes {
      let opset = scope.opsets[node.domain] ?? 1
      let name = scope.prefix + (node.name.isEmpty ? node.outputs.first { !$0.isEmpty } ?? "" : node.name)
      do throws(ImportError) {
        let names = scope.prefix.utf8.count.saturatingMultiply(node.outputs.count + 1).saturatingAdd(node.name.utf8.count)
        try limits.takeNode(copiedNames: scope.prefix.isEmpty ? nil : names)
        try add(node, name: name, opset: opset, to: scope)
      } catch {
        throw error.located(node: name, operator: node.operatorType, opset: opset)
      }
    }
  }

  private func add(_ node: ONNXNode, name: String, opset: Int64, to scope: ONNXScope) throws(ImportError) {
    var inputs: [Value.ID?] = []
    var structures: [Int: ONNXStructure] = [:]
    for (index, input) in node.inputs.enumerated() {
      guard !scope.isLeftOut(input) else { inputs.append(nil); continue }
      if let structure = scope.structure(input) {
        structures[index] = structure
        inputs.append(nil)
        continue
      }
      guard let value = scope.lookup(input) else {
        throw ImportError(
          .invalidGraph, "input \"\(input)\" is not made by any node before", advice: "export the model again")
      }
      inputs.append(value)
    }
    var attributes: [String: ONNXAttributeValue] = [:]
    for attribute in node.attributes {
      if case .reference(let parameter) = attribute.value {
        attributes[attribute.name] = scope.parameters[parameter]
      } else {
        attributes[attribute.name] = attribute.value
      }
    }
    if let (_, function) = function(of: node) {
      try inline(function, node, inputs, structures, attributes, name: name, in: scope)
    } else if let translate = translate(node, opset: opset) {
      let call = ONNXCall(
        node, name: name, prefix: scope.prefix, opset: opset, inputs: inputs, structures: structures, attributes: attributes)
      try scope.translate(call, by: translate)
    } else {
      throw ImportError(.unsupportedOperators, "the operator is not supported")
    }
  }

  /// Puts a function's nodes in place of the node that calls it.
  private func inline(
    _ function: ONNXFunction, _ node: ONNXNode, _ inputs: [Value.ID?], _ structures: [Int: ONNXStructure],
    _ attributes: [String: ONNXAttributeValue], name: String, in scope: ONNXScope
  ) throws(ImportError) {
    var parameters = attributes
    for attribute in function.defaults where parameters[attribute.name] == nil {
      parameters[attribute.name] = attribute.value
    }
    try checkOpsets(function.opsets)
    let body = ONNXScope(
      importer: self, target: scope.target, opsets: function.opsets, parameters: parameters, prefix: name + "/",
      depth: scope.depth + 1)
    for (i, (name, value)) in zip(function.inputs, inputs).enumerated() {
      if let structure = structures[i] {
        try body.define(name, as: structure)
      } else if let value {
        try body.define(name, as: value)
      } else {
        body.leaveOut(name)
      }
    }
    for name in function.inputs.dropFirst(inputs.count) { body.leaveOut(name) }
    try add(ONNXUses(of: function.nodes, outputs: function.outputs).nodes, to: body)
    for (inner, outer) in zip(function.outputs, node.outputs) where !outer.isEmpty {
      if let structure = body.structure(inner) {
        try scope.define(outer, as: structure)
        continue
      }
      guard let value = body.lookup(inner) else {
        throw ImportError(.invalidGraph, "output \"\(inner)\" of function \"\(function.name)\" is never made")
      }
      try scope.define(outer, as: value)
    }
  }

  // MARK: Types

  func load(_ tensor: ONNXTensor) throws(ImportError) -> Tensor { try reader.loader.load(tensor) }
  func load(_ tensor: ONNXSparseTensor) throws(ImportError) -> Tensor { try reader.loader.load(tensor) }

  /// The type that a file states for a value; nil if it does not state even the rank.
  private func tensorType(_ info: ONNXValueInfo) throws(ImportError) -> TensorType? {
    switch info.type {
    case .tensor(let elementType, let shape):
      if elementType == 0 { return nil }
      let dtype = try DType(onnx: Int64(elementType), of: "input \"\(info.name)\"")
      guard let shape else { return nil }
      return TensorType(dtype, Shape(shape.enumerated().map { axis, size in dimension(size, axis, of: info.name) }))
    case .unstated: return nil
    case .sparseTensor, .sequence, .optional, .map:
      throw ImportError(
        .unsupportedType, "input \"\(info.name)\" is not a tensor", expected: "a tensor", found: "\(info.type)")
    }
  }

  private func dimension(_ size: ONNXDimension, _ axis: Int, of name: String) -> Dimension {
    switch size {
    case .fixed(let value) where value >= 0: return Dimension(Int(value))
    case .named(let symbol): return .symbol(symbol)
    case .fixed, .unknown:
      symbolCount += 1
      return .symbol("\(name)_\(axis)#\(symbolCount)")
    }
  }
}
