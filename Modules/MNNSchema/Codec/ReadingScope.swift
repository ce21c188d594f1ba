import MNNGraph

/// One graph of a model while it is being read: tensor indices become values.
final class ReadingScope {
  var graph: Graph
  let model: ReadingModel
  /// The operator being read.
  private(set) var op = Wire.Op()
  private let tensorNames: [String]
  private let describes: [Int32: Wire.TensorDescribe]
  /// The element types that the file notes where it says a narrower one.
  let exactTypes: [Int32: DType]
  private var values: [Int32: Value.ID] = [:]
  private var resultName = ""

  /// What the sizes that a file states for its inputs are taken for.
  enum InputSizes { case asStated, openFirst, open }
  var inputSizes = InputSizes.asStated

  init(
    name: String, tensorNames: [String], describes: [Wire.TensorDescribe], model: ReadingModel
  ) throws(FormatError) {
    graph = Graph(name: name)
    self.tensorNames = tensorNames
    self.describes = Dictionary(describes.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    exactTypes = try Self.exactTypes(describes)
    self.model = model
  }

  // MARK: The operator

  var inputCount: Int { op.inputIndexes?.count ?? 0 }
  var resultCount: Int { op.outputIndexes?.count ?? 0 }

  /// All inputs; -1 stands for one that is absent.
  var inputs: [Value.ID?] { (0..<inputCount).map(optional) }

  func optional(_ i: Int) -> Value.ID? {
    guard i < inputCount, let index = op.inputIndexes?[i], index >= 0 else { return nil }
    return values[index]
  }

  func input(_ i: Int) throws(FormatError) -> Value.ID {
    guard let id = optional(i) else {
      throw FormatError(.graphInvalid, "an input is missing", expected: "input \(i)", found: "\(inputCount) inputs")
    }
    return id
  }

  /// The parameter table, or one of defaults where the file leaves it out.
  func main<T: WireTableView>(_ type: T.Type) -> T { op.main(as: type) ?? T(WireTable(T.kind)) }

  func type(of id: Value.ID) -> TensorType? { graph[id].type }
  func constant(_ id: Value.ID?) -> Tensor? { graph.constant(id) }

  /// The regions of a raster's result.
  var regions: [Wire.Region]? { op.outputIndexes?.first.flatMap { describes[$0]?.regions } }
  /// The sizes that the file states for the first result.
  var describedSizes: [Int]? { op.outputIndexes?.first.flatMap { describes[$0]?.blob?.dims?.map { Int($0) } } }

  // MARK: Building

  /// Adds a node. Nothing is folded here: the sizes that a file states for its inputs need not be those of a run.
  func append(_ op: any Operator, _ inputs: [Value.ID?]) throws(FormatError) -> [Value.ID] {
    do throws(GraphError) { return try graph.append(op, inputs, name: resultName) } catch { throw FormatError(error) }
  }

  func append(_ op: any Operator, _ inputs: Value.ID?...) throws(FormatError) -> Value.ID {
    let results = try append(op, inputs)
    guard let first = results.first else { throw FormatError(.graphInvalid, "operator \(op.name) has no result") }
    return first
  }

  /// A node that makes the weights of the operator being read.
  func appendWeight(_ op: any Operator, _ inputs: [Value.ID?]) throws(FormatError) -> Value.ID {
    do throws(GraphError) { return try graph.append(op, inputs, name: "\(resultName)/weight")[0] } catch {
      throw FormatError(error)
    }
  }

  func constant(_ tensor: Tensor) -> Value.ID { graph.addConstant(tensor, name: "\(resultName)/constant") }

  func constant(_ values: [Int]) throws(FormatError) -> Value.ID {
    do throws(GraphError) { return constant(try Tensor(values.map { Int32(clamping: $0) })) } catch { throw FormatError(error) }
  }

  func constant(scalar value: Int) throws(FormatError) -> Value.ID {
    do throws(GraphError) { return constant(try Tensor(Int32(clamping: value))) } catch { throw FormatError(error) }
  }

  /// The elements of an input that must be known.
  func integers(_ i: Int) throws(FormatError) -> [Int] {
    guard let tensor = constant(try input(i)) else {
      throw FormatError(
        .operatorUnsupported, "input \(i) must be constant", found: "\"\(graph[try input(i)].name)\", computed while running")
    }
    do throws(GraphError) { return try tensor.scalars(as: Int64.self).map { Int($0) } } catch { throw FormatError(error) }
  }

  /// As 0 and 1, which is how the format keeps truth.
  func truth(_ id: Value.ID) throws(FormatError) -> Value.ID { try append(Cast(to: .int32), id) }

  func rank(of id: Value.ID) throws(FormatError) -> Int {
    guard let type = type(of: id) else {
      throw FormatError(.operatorUnsupported, "the rank of \"\(graph[id].name)\" must be known before running")
    }
    return type.shape.rank
  }

  // MARK: Driving

  func bind(_ index: Int32, to id: Value.ID) { values[index] = id }
  func value(_ index: Int32) -> Value.ID? { values[index] }
  func tensorName(_ index: Int32) -> String {
    index >= 0 && Int(index) < tensorNames.count ? tensorNames[Int(index)] : ""
  }

  /// Reads one operator and names its results.
  func read(_ op: Wire.Op, with reader: OperatorReader) throws(FormatError) {
    self.op = op
    let outputs = Array(op.outputIndexes ?? [])
    let label = op.name ?? outputs.first.map(tensorName) ?? ""
    resultName = label
    do throws(FormatError) {
      var results = try reader.read(self)
      for (i, index) in outputs.enumerated() where i < results.count { results[i] = try exact(results[i], tensor: index) }
      for (i, index) in outputs.enumerated() {
        guard i < results.count else {
          throw FormatError(
            .graphInvalid, "the operator has too many results", expected: "\(results.count)", found: "\(outputs.count)")
        }
        let name = tensorName(index)
        // One value may be two tensors; each keeps its name.
        if !name.isEmpty, graph[results[i]].name != name {
          if isNamed(results[i]) {
            let copy = try append(Identity(), results[i])
            graph.setName(name, of: copy)
            values[index] = copy
            continue
          }
          graph.setName(name, of: results[i])
        }
        named.insert(results[i])
        values[index] = results[i]
      }
    } catch { throw error.at(node: label, operator: op.type.description) }
  }

  private var named: Set<Value.ID> = []
  private func isNamed(_ id: Value.ID) -> Bool { named.contains(id) || graph.isInput(id) }
}

/// What all graphs of a model share while it is read.
final class ReadingModel {
  let net: Wire.Net
  let weights: WeightSource
  let subgraphs: [String: Wire.SubGraphProto]
  private var depth = 0

  init(_ net: Wire.Net, weights: WeightSource) {
    self.net = net
    self.weights = weights
    subgraphs = Dictionary(
      (net.subgraphs ?? []).compactMap { graph in graph.name.map { ($0, graph) } }, uniquingKeysWith: { first, _ in first })
  }

  /// True for models whose tensors have their channels last.
  var isChannelsLast: Bool { net.sourceType == .TENSORFLOW || net.sourceType == .TFLITE }

  /// The names of a subgraph's inputs, in its order.
  func inputNames(of name: String?) throws(FormatError) -> [String] {
    guard let name, let subgraph = subgraphs[name] else {
      throw FormatError(.subgraphInvalid, "a subgraph is missing", found: name ?? "no name")
    }
    let tensors = subgraph.tensors ?? []
    return (subgraph.inputs ?? []).map { $0 >= 0 && Int($0) < tensors.count ? tensors[Int($0)] : "" }
  }

  /// Reads a subgraph.
  ///
  /// - Parameters:
  ///   - types: of its inputs, in its order, as far as the caller knows them; those the file states are not to be trusted.
  ///   - iteration: the position of an input that counts runs: int64 here, int32 in the format.
  func graph(named name: String?, types: [TensorType?], iteration: Int? = nil) throws(FormatError) -> Graph {
    guard let name, let subgraph = subgraphs[name] else {
      throw FormatError(.subgraphInvalid, "a subgraph is missing", found: name ?? "no name")
    }
    guard depth < 32 else { throw FormatError(.tooDeep, "subgraphs are nested too deeply, or use themselves") }
    depth += 1
    defer { depth -= 1 }
    // Read once for every node that names it.
    try asFormatError { () throws(GraphError) in
      let count = (subgraph.nodes?.count ?? 0) + 1
      try WorkBudget.current?.spend(Work(operations: count.saturatingMultiply(1024)), nodes: count, on: .inlining)
    }
    let scope = try ReadingScope(
      name: name, tensorNames: subgraph.tensors ?? [], describes: subgraph.extraTensorDescribe ?? [], model: self)
    scope.graph.toleratesMisfits = true
    do throws(FormatError) {
      for (i, index) in Array(subgraph.inputs ?? []).enumerated() {
        let input = scope.graph.addInput(scope.tensorName(index), type: i < types.count ? types[i] : nil)
        let isNarrow = i == iteration && scope.exactTypes[index] == nil
        scope.bind(index, to: isNarrow ? try scope.append(Cast(to: .int32), input) : try scope.exact(input, tensor: index))
      }
      try scope.readAll(subgraph.nodes ?? [], declaresInputs: false)
      var outputs: [Value.ID] = []
      for index in subgraph.outputs ?? [] {
        guard let id = scope.value(index) else {
          throw FormatError(.subgraphInvalid, "an output of the subgraph is never made", found: scope.tensorName(index))
        }
        outputs.append(id)
      }
      scope.graph.setOutputs(outputs)
      try scope.graph.findSpelledCodes()
    } catch { throw error.inSubgraph(name) }
    return scope.graph
  }
}

extension ReadingScope {
  /// Reads operators, producers first whatever their order in the file.
  ///
  /// - Throws: one ``FormatError`` for all operators that cannot be read.
  func readAll(_ operators: [Wire.Op], declaresInputs: Bool) throws(FormatError) {
    let unknown = operators.filter { op in
      if op.type == .Extra { return !(op.main(as: Wire.Extra.self).map(ExtraCodec.isKnown) ?? false) }
      return OperatorReaders.all[op.type] == nil && op.type != .Input
    }
    if !unknown.isEmpty { throw UnsupportedOperators(unknown).error(doing: "read") }
    for op in operators where op.type == .Input {
      guard let index = op.outputIndexes?.first, value(index) == nil else { continue }
      guard declaresInputs else {
        // Declared as an operator but not among the subgraph's inputs.
        throw FormatError(.subgraphInvalid, "an input is not listed", found: tensorName(index)).at(
          node: op.name, operator: "Input")
      }
      bind(index, to: graph.addInput(tensorName(index), type: try inputType(op, exactTypes[index])))
    }
    for op in try sorted(operators) where op.type != .Input {
      guard let reader = OperatorReaders.all[op.type] else { continue }
      try read(op, with: reader)
    }
  }

  private func inputType(_ op: Wire.Op, _ exact: DType?) throws(FormatError) -> TensorType {
    let input = op.main(as: Wire.Input.self) ?? Wire.Input(WireTable(Wire.Input.kind))
    guard let dtype = exact ?? input.dtype.dtype else {
      throw FormatError(.attributeInvalid, "an input has an element type that is not known", found: "\(input.dtype)")
        .at(node: op.name, operator: "Input")
    }
    let name = op.name ?? "input"
    let sizes = (input.dims ?? []).enumerated().map { i, size -> Dimension in
      let isOpen =
        switch inputSizes {
        case .asStated: size < 0
        case .openFirst: size < 0 || (i == 0 && size == 1)
        case .open: true
        }
      return isOpen ? Dimension.symbol("\(name).\(i)") : Dimension(Int(size))
    }
    return TensorType(dtype, Shape(sizes))
  }

  private func sorted(_ operators: [Wire.Op]) throws(FormatError) -> [Wire.Op] {
    var producer: [Int32: Int] = [:]
    for (i, op) in operators.enumerated() { for index in op.outputIndexes ?? [] { producer[index] = i } }
    var state = [UInt8](repeating: 0, count: operators.count)
    var result: [Wire.Op] = []
    result.reserveCapacity(operators.count)
    for root in operators.indices where state[root] == 0 {
      var stack: [(op: Int, next: Int)] = [(root, 0)]
      state[root] = 1
      while let top = stack.last {
        let inputs = operators[top.op].inputIndexes
        guard top.next < inputs?.count ?? 0, let index = inputs?[top.next] else {
          state[top.op] = 2
          result.append(operators[top.op])
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        guard let source = producer[index], state[source] != 2 else { continue }
        guard state[source] == 0 else {
          throw FormatError(.graphInvalid, "the operators form a cycle").at(
            node: operators[source].name, operator: operators[source].type.description)
        }
        state[source] = 1
        stack.append((source, 0))
      }
    }
    return result
  }
}

/// Operators that have no row, for one report.
struct UnsupportedOperators {
  private var found: [(type: String, nodes: [String], count: Int)] = []

  init(_ operators: [Wire.Op]) {
    for op in operators {
      let extra = op.type == .Extra ? op.main(as: Wire.Extra.self)?.type : nil
      add(op.type.description + (extra.map { " \($0)" } ?? ""), op.name ?? "")
    }
  }
  init(_ nodes: [Node]) { for node in nodes { add(node.op.name, node.name) } }

  private mutating func add(_ type: String, _ node: String) {
    if let i = found.firstIndex(where: { $0.type == type }) {
      found[i].count += 1
      if found[i].nodes.count < 3 { found[i].nodes.append(node) }
    } else {
      found.append((type, [node], 1))
    }
  }

  func error(doing verb: String) -> FormatError {
    let list = found.sorted { $0.type < $1.type }.map { item in
      "\(item.type) ×\(item.count) (\(item.nodes.map { "\"\($0)\"" }.joined(separator: ", "))\(item.count > item.nodes.count ? ", …" : ""))"
    }
    return FormatError(
      .operatorUnsupported, "operators that cannot be \(verb): \(found.count)", found: list.joined(separator: "; "))
  }
}
