public import MNNGraph
public import MNNRuntime

/// Tensors for a model's inputs, from `NAME=FILE` options or drawn at random.
public struct ModelInputs {
  /// Makes a tensor for the input `name` of type `type` from a file that is no array; nil if it does not know such files.
  public typealias OtherFiles = (_ path: String, _ name: String, _ type: TensorType) throws -> Tensor?

  /// What TensorFlow puts after a node's name for what the node gives first; it may be left out, and it may be there.
  private static let firstOutput = ":0"

  /// The model's name for an input.
  public static func name(of given: String, in module: Module) -> String {
    guard !module.inputs.contains(where: { $0.name == given }), given.hasSuffix(firstOutput) else { return given }
    return String(given.dropLast(firstOutput.count))
  }

  /// - Parameters:
  ///   - options: `NAME=FILE.npy`, any order. Inputs not named are drawn at random: floats normal, integers 0 or 1; a size that is
  ///     not a number is taken as 1.
  ///   - work: how many times the standard bytes of working memory the inputs drawn may take.
  ///   - otherFiles: what reads other files than arrays. A program that reads none does not link what they need.
  public static func tensors(
    for module: Module, options: [String], seed: UInt64 = 1, work: Double = 1, otherFiles: OtherFiles = { _, _, _ in nil }
  ) throws -> [Tensor] {
    var files: [String: String] = [:]
    for option in options {
      // A name may contain "=": the longest input name that fits wins.
      let named = module.inputs.flatMap { port in [port.name, port.name + firstOutput].map { (spelling: $0, name: port.name) } }
        .filter { option.hasPrefix($0.spelling + "=") }.max { $0.spelling.count < $1.spelling.count }
      guard let (spelling, name) = named else {
        let known = module.inputs.map(\.name).joined(separator: ", ")
        throw ProgramError(
          option.contains("=")
            ? "--input \(option): the model has no such input; it has \(known)"
            : "--input \(option): expected NAME=FILE.npy")
      }
      guard files.updateValue(String(option.dropFirst(spelling.count + 1)), forKey: name) == nil else {
        throw ProgramError("--input \(name) is given twice")
      }
    }
    var generator = SplitMix64(seed: seed)
    var left = ModelInputs.drawnBytes(work)
    return try module.inputs.map { port in
      if let file = files[port.name] {
        if let type = port.type, let tensor = try otherFiles(file, port.name, type) { return tensor }
        return try Tensor(contentsOfNPY: file)
      }
      guard let type = port.type else {
        throw ProgramError("the shape of input \"\(port.name)\" is not known; give it with --input")
      }
      return try random(type.dtype, type.shape.dimensions.map { $0.value ?? 1 }, of: port.name, &generator, within: &left)
    }
  }

  /// Random tensors for the inputs of a graph, one each.
  ///
  /// - Throws: ``ProgramError`` for an input whose shape is not known, or that is too large.
  public static func tensors(of graph: Graph, seed: UInt64 = 1) throws -> [Tensor] {
    var generator = SplitMix64(seed: seed)
    var left = drawnBytes(1)
    return try graph.inputs.map { id in
      guard let type = graph[id].type else { throw ProgramError("the shape of input \"\(graph[id].name)\" is not known") }
      return try random(type.dtype, type.shape.dimensions.map { $0.value ?? 1 }, of: graph[id].name, &generator, within: &left)
    }
  }

  /// How many bytes may be drawn: half of what a run with them may take.
  static func drawnBytes(_ work: Double) -> Int { WorkBudget.Limits.runningOnDrawnInputs.scaled(by: work).bytes / 2 }

  /// A tensor of random numbers; takes its bytes from what is left.
  static func random(
    _ dtype: DType, _ shape: [Int], of name: String, _ generator: inout SplitMix64, within left: inout Int
  ) throws -> Tensor {
    let bytes = try checkedElementCount(shape).saturatingMultiply(dtype.byteCount)
    guard bytes <= left else {
      throw ProgramError(
        "input \"\(name)\" of type \(TensorType(dtype, Shape(shape))) is too large to be drawn at random: expected at most "
          + "\(left) bytes, found \(bytes); give it with --input, or allow more with --work")
    }
    left -= bytes
    if dtype.isFloatingPoint { return try Tensor.generated(shape) { _ in generator.normal() }.converted(to: dtype) }
    return try Tensor.generated(shape) { _ in Int64.random(in: 0...1, using: &generator) }.converted(to: dtype)
  }
}

extension SplitMix64 {
  /// Nearly normal: the sum of twelve uniforms.
  mutating func normal() -> Float { (0..<12).reduce(-6) { sum, _ in sum + Float.random(in: 0..<1, using: &self) } }
}
