import MNNGraph
import Synchronization

/// Turns expressions into a graph: placeholders become inputs, what is computed becomes constants.
struct GraphCapture {
  private(set) var graph = Graph()
  private var results: [ObjectIdentifier: [Value.ID]] = [:]
  private var inputs: [ObjectIdentifier: Value.ID] = [:]
  private var names: Set<String> = []

  /// - Parameters:
  ///   - inputs: placeholders, which become the inputs in this order.
  ///   - outputs: become the outputs in this order.
  ///   - addsInputs: false if the outputs may need no other placeholder than `inputs`.
  init(inputs: [Variable], outputs: [Variable], addsInputs: Bool) throws(ExprError) {
    for (i, input) in inputs.enumerated() {
      guard case .placeholder(let placeholder) = input.source else {
        throw ExprError(
          .argumentInvalid, "input \(i) is no placeholder", advice: "make it with Variable.placeholder or fixAsPlaceholder")
      }
      add(placeholder, name: input.name ?? "input\(i)")
    }
    if let format = inputs.first?.format { graph.format = format == .NHWC ? .NHWC : .NCHW }
    var ids: [Value.ID] = []
    for (i, output) in outputs.enumerated() { ids.append(try id(of: output, "output\(i)", addsInputs)) }
    graph.setOutputs(ids)
    do throws(GraphError) { try graph.sortTopologically() } catch { throw ExprError(error) }
  }

  private mutating func unique(_ name: String) -> String {
    var result = name
    var number = 1
    while !names.insert(result).inserted {
      result = "\(name)_\(number)"
      number += 1
    }
    return result
  }

  private mutating func add(_ placeholder: Placeholder, name: String) {
    let id = ObjectIdentifier(placeholder)
    if inputs[id] == nil { inputs[id] = graph.addInput(unique(name), type: placeholder.type) }
  }

  private mutating func id(of variable: Variable, _ fallback: String, _ addsInputs: Bool) throws(ExprError) -> Value.ID {
    switch variable.source {
    case .failed(let failure): throw failure.error
    case .tensor(let tensor): return graph.addConstant(tensor, name: unique(variable.name ?? fallback))
    case .placeholder(let placeholder):
      guard addsInputs || inputs[ObjectIdentifier(placeholder)] != nil else { throw missing(variable.name) }
      add(placeholder, name: variable.name ?? fallback)
      return try known(placeholder)
    case .result(let handle):
      let id = try id(of: handle.node, handle.index, addsInputs)
      // Two outputs that are one value keep a name each.
      guard let name = variable.name else {
        if graph[id].name.isEmpty || graph[id].name.hasPrefix("node") { graph.setName(unique(fallback), of: id) }
        return id
      }
      if graph.isOutput(id) || names.contains(graph[id].name) {
        return try asExprError { () throws(GraphError) in try graph.append(Identity(), [id], name: unique(name))[0] }
      }
      graph.setName(unique(name), of: id)
      return id
    }
  }

  private func missing(_ name: String?) -> ExprError {
    ExprError(
      .placeholderUnset, "the outputs need a placeholder that is not among the inputs", found: name ?? "one without a name")
  }

  private func known(_ placeholder: Placeholder) throws(ExprError) -> Value.ID {
    guard let id = inputs[ObjectIdentifier(placeholder)] else { throw missing(nil) }
    return id
  }

  private mutating func id(of root: ExpressionNode, _ index: Int, _ addsInputs: Bool) throws(ExprError) -> Value.ID {
    var stack: [(node: ExpressionNode, inputs: [ExpressionNode.Input], next: Int)] = []
    try visit(root, &stack)
    while let top = stack.last {
      if top.next == top.inputs.count {
        stack.removeLast()
        if results[ObjectIdentifier(top.node)] == nil { try append(top.node, top.inputs, addsInputs) }
        continue
      }
      stack[stack.count - 1].next += 1
      if case .result(let node, _) = top.inputs[top.next] { try visit(node, &stack) }
    }
    guard let ids = results[ObjectIdentifier(root)] else { throw ExprError(.argumentInvalid, "an expression refers to itself") }
    return ids[index]
  }

  private mutating func visit(
    _ node: ExpressionNode, _ stack: inout [(node: ExpressionNode, inputs: [ExpressionNode.Input], next: Int)]
  ) throws(ExprError) {
    guard results[ObjectIdentifier(node)] == nil else { return }
    switch node.current {
    case .waiting(let inputs): stack.append((node, inputs, 0))
    case .computed(let tensors):
      results[ObjectIdentifier(node)] = tensors.map { graph.addConstant($0, name: unique("constant")) }
    }
  }

  private mutating func append(
    _ node: ExpressionNode, _ inputs: [ExpressionNode.Input], _ addsInputs: Bool
  ) throws(ExprError) {
    var ids: [Value.ID?] = []
    for input in inputs {
      switch input {
      case .absent: ids.append(nil)
      case .tensor(let tensor), .constant(let tensor): ids.append(graph.addConstant(tensor, name: unique("constant")))
      case .placeholder(let placeholder):
        guard addsInputs || self.inputs[ObjectIdentifier(placeholder)] != nil else { throw missing(nil) }
        add(placeholder, name: placeholder.name.withLock { $0 } ?? "input")
        ids.append(try known(placeholder))
      case .result(let node, let index): ids.append(results[ObjectIdentifier(node)]?[index])
      }
    }
    let name = unique("node")
    results[ObjectIdentifier(node)] = try asExprError { () throws(GraphError) in try graph.append(node.op, ids, name: name) }
  }
}

extension Graph {
  /// The graph that computes `outputs` from `inputs`, which are placeholders; with `addsInputs` from whatever placeholders it takes.
  package init(inputs: [Variable], outputs: [Variable], addsInputs: Bool = false) throws(ExprError) {
    self = try GraphCapture(inputs: inputs, outputs: outputs, addsInputs: addsInputs).graph
  }

  /// The graph's values as variables, inputs as placeholders: in order inputs, then constants and results as nodes use them.
  package func variables() throws(ExprError) -> [Variable] {
    var known: [Value.ID: Variable] = [:]
    var list: [Variable] = []
    func add(_ id: Value.ID, _ variable: Variable) {
      var variable = variable
      variable.name = self[id].name
      variable.format = format
      known[id] = variable
      list.append(variable)
    }
    for id in inputs {
      guard let type = self[id].type else {
        throw ExprError(.file, "the shape of input \"\(self[id].name)\" is not known")
      }
      add(id, Variable(.placeholder(Placeholder(type, format: format)), format: format))
    }
    for node in nodes {
      var operands: [Variable?] = []
      var constants: Set<Int> = []
      for (i, input) in node.inputs.enumerated() {
        guard let input else { operands.append(nil); continue }
        if let tensor = constant(input) {
          if known[input] == nil { add(input, Variable(tensor)) }
          constants.insert(i)
        }
        operands.append(known[input])
      }
      let results = Variable.apply(results: node.op, operands, constants: constants)
      for (id, result) in zip(node.results, results) { add(id, result) }
    }
    for id in outputs where known[id] == nil {
      if let tensor = constant(id) { add(id, Variable(tensor)) }
    }
    return list
  }
}
