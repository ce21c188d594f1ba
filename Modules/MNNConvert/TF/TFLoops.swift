import MNNGraph

extension TFScope {
  /// A loop of carried values.
  ///
  /// - Parameters:
  ///   - condition: whether there is a first run, in this graph.
  ///   - body: fills the loop's graph: of the carried values there, whether to go on and what is carried on, and the scope that it is in.
  /// - Returns: the carried values after the last run.
  func loop(
    _ initial: [TFValue], name: String, condition: ([TFValue]) throws(ImportError) -> Value.ID,
    body: (ImportTarget, [TFValue], _ prepare: (TFScope) -> Void) throws(ImportError) -> (
      goesOn: Value.ID, next: [TFValue], scope: TFScope
    )
  ) throws(ImportError) -> [Value.ID] {
    var initial = initial
    // Lists of which nothing is known are known once it was seen what the body puts in: then the body is made again.
    for attempt in 0..<2 {
      let inner = ImportTarget(name: name)
      inner.graph.toleratesMisfits = true
      inner.graph.addInput("\(name)/iteration", type: TensorType(.int64, []))
      inner.graph.addInput("\(name)/goes_on", type: TensorType(.bool, []))
      var (carried, unknown): ([TFValue], [Int: Value.ID]) = ([], [:])
      for (i, value) in initial.enumerated() {
        let id = inner.graph.addInput("\(name)/carried_\(i)", type: value.tensor.flatMap { type(of: $0) })
        if value.tensor == nil { unknown[i] = id }
        carried.append(.tensor(id))
      }
      let made = try body(inner, carried) { scope in for id in unknown.values { scope.noteUnknownElements(of: id) } }
      guard made.next.count == initial.count else {
        throw ImportError(
          .invalidGraph, "the loop's body has the wrong outputs", expected: "\(initial.count)", found: "\(made.next.count)")
      }
      if !unknown.isEmpty {
        guard attempt == 0 else { break }
        for (i, id) in unknown.sorted(by: { $0.key < $1.key }) {
          guard case .reserved(let count, let dtype) = initial[i], let sizes = (made.scope.elements[id] ?? nil)?.shape.sizes
          else { continue }
          initial[i] = .tensor(try zeros(count: count, sizes, dtype))
        }
        if initial.contains(where: { $0.tensor == nil }) { break }
        continue
      }
      var outputs = [made.goesOn]
      for value in made.next {
        guard let id = value.tensor else {
          throw ImportError(.invalidInput, "the loop carries a list whose elements are not known")
        }
        outputs.append(id)
      }
      var given: [Value.ID] = []
      for id in outputs {
        given.append(
          try converting { () throws(GraphError) in
            try inner.graph.output(id, named: inner.graph[id].name, besides: given)
          })
      }
      inner.graph.setOutputs(given)
      let first = try condition(initial)
      return try add(
        results: Loop(body: inner.graph, carriedCount: initial.count),
        [nil, first] + initial.map(\.tensor) + inner.captures.map(\.outer), named: true)
    }
    throw ImportError(
      .invalidInput, "a list in the loop has elements of an unknown shape", expected: "a shape known when the model is converted",
      advice: "export the model with fixed shapes")
  }

  /// A list of zeros.
  func zeros(count: Value.ID, _ sizes: [Int], _ dtype: DType) throws(ImportError) -> Value.ID {
    let number = try add(Reshape(), try wide(count), try constant([Int64(1)]))
    let shape = sizes.isEmpty ? number : try add(Concat(axis: 0), number, try constant(sizes.map { Int64($0) }))
    return try add(Fill(), try add(Cast(to: dtype), try constant(Float(0))), shape)
  }

  /// Two graphs of which one runs; both take what they need from here.
  func branches(
    _ condition: Value.ID, name: String, _ fill: (ImportTarget, _ holds: Bool) throws(ImportError) -> [TFValue]
  ) throws(ImportError) -> [Value.ID] {
    var targets: [ImportTarget] = []
    for holds in [true, false] {
      let target = ImportTarget(name: "\(name)/\(holds ? "then" : "else")")
      target.graph.toleratesMisfits = true
      var given: [Value.ID] = []
      for value in try fill(target, holds) {
        guard let id = value.tensor else {
          throw ImportError(.invalidInput, "a branch gives a list whose elements are not known")
        }
        given.append(
          try converting { () throws(GraphError) in
            try target.graph.output(id, named: target.graph[id].name, besides: given)
          })
      }
      target.graph.setOutputs(given)
      targets.append(target)
    }
    var outer: [Value.ID] = []
    for (value, _) in targets[0].captures + targets[1].captures where !outer.contains(value) { outer.append(value) }
    for target in targets { target.takeCaptures(outer, of: self) }
    guard targets[0].graph.outputs.count == targets[1].graph.outputs.count else {
      throw ImportError(.invalidGraph, "the branches differ in their number of results")
    }
    return try add(
      results: If(thenBranch: targets[0].graph, elseBranch: targets[1].graph), [condition] + outer, named: true)
  }

  /// What a number that is tested is: anything that is not zero holds.
  func truth(_ value: Value.ID) throws(ImportError) -> Value.ID {
    type(of: value)?.dtype == .bool ? value : try add(Cast(to: .bool), value)
  }
}
