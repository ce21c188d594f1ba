import MNNGraph

/// Sequences of tensors and optional values.
enum ONNXSequences {
  static let operators: [ONNXOperator] = [
    .op("ConcatFromSequence", since: [11: concat]),
    .op("Optional", since: [15: optional]),
    .op("OptionalGetElement", since: [15: optionalElement]),
    .op("OptionalHasElement", since: [15: optionalHasElement]),
    .op("SequenceAt", since: [11: at]),
    .op(
      "SequenceConstruct",
      since: [
        11: { node, scope throws(ImportError) in try scope.finish(.elements(try node.allInputs(), dtype: nil)) }
      ]),
    .op(
      "SequenceEmpty",
      since: [11: { node, scope throws(ImportError) in try scope.finish(.elements([], dtype: try node.dtype("dtype"))) }]),
    .op("SequenceErase", since: [11: erase]),
    .op("SequenceInsert", since: [11: insert]),
    .op("SequenceLength", since: [11: length]),
    .op("SequenceMap", since: [17: map]),
    .op("SplitToSequence", since: [11: split]),
  ]

  /// The sequence at an input.
  private static func sequence(_ node: ONNXCall, _ index: Int = 0) throws(ImportError) -> ONNXStructure {
    guard let structure = node.structures[index] else {
      throw ImportError(.invalidInput, "input \(index) is not a sequence", expected: "a sequence", found: "a tensor or nothing")
    }
    return structure
  }

  /// A position that is known, counted from the front; nil if it is computed while running.
  ///
  /// - Parameter last: the largest place allowed.
  private static func place(
    _ node: ONNXCall, _ index: Int, count: Int, last: Int, default value: Int, _ scope: ONNXScope
  ) throws(ImportError) -> Int? {
    guard let input = node.optionalInput(index) else { return value }
    guard let tensor = scope.graph.constant(input) else { return nil }
    let values = try scope.converting { () throws(GraphError) in try tensor.scalars(as: Int64.self).map { Int($0) } }
    guard values.count == 1, values[0] >= -count, values[0] <= last else {
      throw ImportError(
        .invalidInput, "the position is not in the sequence", expected: "\(-count) to \(last)", found: "\(values)")
    }
    return values[0] < 0 ? values[0] + count : values[0]
  }

  // MARK: Parts

  private static func at(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let list = try sequence(node)
    if case .elements(let ids, _) = list,
      let i = try place(node, 1, count: ids.count, last: ids.count - 1, default: 0, scope)
    {
      return try scope.finish(ids[i])
    }
    let (elements, layout) = try scope.packed(list)
    try scope.append(PackedList(.at), elements, layout, try node.input(1))
  }

  private static func insert(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let list = try sequence(node)
    let tensor = try node.input(1)
    if case .elements(var ids, let dtype) = list,
      let i = try place(node, 2, count: ids.count, last: ids.count, default: ids.count, scope)
    {
      ids.insert(tensor, at: i)
      return try scope.finish(.elements(ids, dtype: dtype))
    }
    let (elements, layout) = try scope.packed(list)
    try finish(PackedList(.insert), [elements, layout, tensor, node.optionalInput(2)], scope)
  }

  private static func erase(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let list = try sequence(node)
    if case .elements(var ids, let dtype) = list, !ids.isEmpty,
      let i = try place(node, 1, count: ids.count, last: ids.count - 1, default: ids.count - 1, scope)
    {
      ids.remove(at: i)
      return try scope.finish(.elements(ids, dtype: dtype))
    }
    let (elements, layout) = try scope.packed(list)
    try finish(PackedList(.erase), [elements, layout, node.optionalInput(1)], scope)
  }

  private static func finish(_ op: PackedList, _ inputs: [Value.ID?], _ scope: ONNXScope) throws(ImportError) {
    let results = try scope.add(results: op, inputs)
    try scope.finish(.packed(elements: results[0], layout: results[1]))
  }

  private static func length(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    switch try sequence(node) {
    case .elements(let ids, _): try scope.finish(try scope.constant(Int64(ids.count)))
    case let list:
      try scope.append(Gather(axis: 0), try scope.packed(list).layout, try scope.constant(Int64(0)))
    }
  }

  // MARK: Joining and cutting

  private static func concat(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let axis = try node.required("axis", try node.int("axis"))
    let stacks = try node.flag("new_axis", default: false)
    let list = try sequence(node)
    guard case .elements(let ids, _) = list, !ids.isEmpty else {
      let (elements, layout) = try scope.packed(list)
      return try scope.append(PackedList(.join(axis: axis, stacks: stacks)), elements, layout)
    }
    guard stacks else { return try scope.append(Concat(axis: axis), ids) }
    var parts: [Value.ID] = []
    for id in ids { parts.append(try scope.add(Unsqueeze(), id, try scope.constant([Int64(axis)]))) }
    try scope.append(Concat(axis: axis), parts)
  }

  private static func split(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let axis = try node.int("axis", default: 0)
    let keepsAxis = try node.flag("keepdims", default: true)
    let x = try node.input(0)
    guard let lengths = try lengths(node, axis: axis, scope), !lengths.isEmpty else {
      return try finish(PackedList(.split(axis: axis, keepsAxis: keepsAxis)), [x, node.optionalInput(1)], scope)
    }
    var parts = try scope.add(
      results: Split(axis: axis, count: lengths.count), [x, try scope.constant(lengths.map { Int64($0) })])
    if node.optionalInput(1) == nil, !keepsAxis {
      for i in parts.indices { parts[i] = try scope.add(Squeeze(), parts[i], try scope.constant([Int64(axis)])) }
    }
    try scope.finish(.elements(parts, dtype: nil))
  }

  /// The lengths of the pieces, if they follow from the model. An axis is not cut to more nodes than a person would write.
  private static func lengths(_ node: ONNXCall, axis: Int, _ scope: ONNXScope) throws(ImportError) -> [Int]? {
    guard let shape = scope.type(of: try node.input(0))?.shape else { return nil }
    let place = try scope.converting { () throws(GraphError) in try shape.axis(axis) }
    let total = shape[place].value
    let lengths: [Int]
    if let sizes = node.optionalInput(1) {
      guard let tensor = scope.graph.constant(sizes) else { return nil }
      if tensor.rank == 0, total == nil { return nil }
      lengths = try scope.converting { () throws(GraphError) in try PackedList.lengths(tensor, of: total ?? 0) }
    } else {
      guard let total, total <= mostParts else { return nil }
      lengths = [Int](repeating: 1, count: total)
    }
    return lengths.count <= mostParts ? lengths : nil
  }

  private static let mostParts = 256

  // MARK: Mapping

  /// A graph for every element: side by side if they are known, else a loop.
  private static func map(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let body = try node.graph("body")
    guard body.inputs.count == node.inputs.count else {
      throw ImportError(
        .invalidGraph, "the body has the wrong number of inputs", expected: "\(node.inputs.count)", found: "\(body.inputs.count)")
    }
    guard body.outputs.count >= node.node.outputs.count else {
      throw ImportError(
        .invalidGraph, "the body has too few outputs", expected: "\(node.node.outputs.count)", found: "\(body.outputs.count)")
    }
    guard case .elements(let first, _) = try sequence(node) else { return try mapInLoop(node, body, scope) }
    var lists: [Int: [Value.ID]] = [:]
    for (index, structure) in node.structures {
      guard case .elements(let ids, _) = structure else { return try mapInLoop(node, body, scope) }
      guard ids.count == first.count else {
        throw ImportError(
          .invalidInput, "the sequences differ in length", expected: "\(first.count)", found: "\(ids.count)")
      }
      lists[index] = ids
    }
    var results = [[Value.ID]](repeating: [], count: node.node.outputs.count)
    for i in first.indices {
      let inner = ONNXScope(
        importer: scope.importer, target: scope.target, enclosing: scope, opsets: scope.opsets, parameters: scope.parameters,
        prefix: "\(node.name)/\(i)/", depth: scope.depth + 1)
      for (index, input) in body.inputs.enumerated() {
        if let list = lists[index] {
          try inner.define(input.name, as: list[i])
        } else {
          try inner.define(input.name, as: try node.input(index))
        }
      }
      try scope.importer.add(body, to: inner)
      for k in results.indices {
        guard let value = inner.lookup(body.outputs[k].name) else {
          throw ImportError(.invalidGraph, "output \"\(body.outputs[k].name)\" of the body is never made")
        }
        results[k].append(value)
      }
    }
    for (name, list) in zip(node.node.outputs, results) where !name.isEmpty {
      try scope.define(name, as: .elements(list, dtype: nil))
    }
  }

  /// As the specification writes it: a loop that takes an element of each sequence and inserts what the body gives.
  private static func mapInLoop(_ node: ONNXCall, _ body: ONNXGraph, _ scope: ONNXScope) throws(ImportError) {
    func made(_ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [ONNXAttribute] = []) -> ONNXNode {
      ONNXNode(
        name: outputs.first ?? type, operatorType: type, domain: "", overload: "", inputs: inputs, outputs: outputs,
        attributes: attributes)
    }
    let mark = "\(node.name)/map"
    let count = node.node.outputs.count
    var loop = body
    loop.nodes = []
    for (index, input) in body.inputs.enumerated() {
      let source = node.node.inputs[index]
      loop.nodes.append(
        node.structures[index] == nil
          ? made("Identity", [source], [input.name]) : made("SequenceAt", [source, "\(mark)/i"], [input.name]))
    }
    loop.nodes += body.nodes
    let list = ONNXType.sequence(.unstated)
    loop.inputs = [
      ONNXValueInfo(name: "\(mark)/i", type: .tensor(elementType: 7, shape: [])),
      ONNXValueInfo(name: "\(mark)/on", type: .tensor(elementType: 9, shape: [])),
    ]
    loop.outputs = [ONNXValueInfo(name: "\(mark)/goes on", type: .unstated)]
    loop.nodes.append(made("Identity", ["\(mark)/on"], ["\(mark)/goes on"]))
    for k in 0..<count {
      loop.inputs.append(ONNXValueInfo(name: "\(mark)/in \(k)", type: list))
      loop.outputs.append(ONNXValueInfo(name: "\(mark)/out \(k)", type: list))
      loop.nodes.append(made("SequenceInsert", ["\(mark)/in \(k)", body.outputs[k].name], ["\(mark)/out \(k)"]))
    }
    let nodes =
      [made("SequenceLength", [node.node.inputs[0]], ["\(mark)/length"])]
      + (0..<count).map { made("SequenceEmpty", [], ["\(mark)/empty \($0)"]) }
      + [
        made(
          "Loop", ["\(mark)/length", ""] + (0..<count).map { "\(mark)/empty \($0)" }, node.node.outputs,
          [ONNXAttribute(name: "body", value: .graph(loop))])
      ]
    try scope.importer.add(nodes, to: scope)
  }

  // MARK: Optional

  private static func optional(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("type")
    if let structure = node.structures[0] { return try scope.finish(structure) }
    guard let value = node.optionalInput(0) else { return try scope.finish(.nothing) }
    try scope.finish(value)
  }

  private static func optionalElement(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    switch node.structures[0] {
    case nil: try scope.finish(try node.input(0))
    case .nothing?: throw ImportError(.invalidInput, "the optional has no value", expected: "a value")
    case let structure?: try scope.finish(structure)
    }
  }

  private static func optionalHasElement(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let isNothing = if case .nothing? = node.structures[0] { true } else { false }
    let isGiven = node.structures[0] != nil || node.optionalInput(0) != nil
    try scope.finish(try scope.constant(isGiven && !isNothing))
  }
}
