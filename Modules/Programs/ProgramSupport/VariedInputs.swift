public import MNNGraph
public import MNNRuntime

/// Random tensors of another shape at every call: `--vary input_ids=1x8..128`.
///
/// A size is a number, a range, or a range with a name: `1xlength:8..128`. Ranges that are written the same, or have the same name,
/// are drawn equal. An input that is not named takes what was drawn for the same axis of the first that is, where its own size is
/// open.
public struct VariedInputs {
  private enum Size: Hashable {
    case number(Int)
    case range(String)
  }

  private let sizes: [String: [Size]]
  private let first: [Size]
  private let work: Double
  private let ranges: [(name: String, range: ClosedRange<Int>)]
  private var generator = SplitMix64(seed: 1)

  /// - Parameters:
  ///   - options: `NAME=SIZExSIZE…`, at least one.
  ///   - work: how many times the standard bytes of working memory the inputs drawn may take.
  public init(_ options: [String], for module: Module, work: Double = 1) throws {
    self.work = work
    var sizes: [String: [Size]] = [:]
    var order: [[Size]] = []
    var ranges: [(name: String, range: ClosedRange<Int>)] = []
    for option in options {
      let named = module.inputs.filter { option.hasPrefix($0.name + "=") }.max { $0.name.count < $1.name.count }
      guard let name = named?.name else {
        throw ProgramError(
          "--vary \(option): expected NAME=SIZExSIZE… with one of \(module.inputs.map(\.name).joined(separator: ", "))")
      }
      let list = try option.dropFirst(name.count + 1).split(separator: "x", omittingEmptySubsequences: false).map {
        try VariedInputs.size($0, of: option, &ranges)
      }
      guard sizes.updateValue(list, forKey: name) == nil else { throw ProgramError("--vary \(name) is given twice") }
      order.append(list)
    }
    self.sizes = sizes
    self.ranges = ranges
    first = order.first ?? []
  }

  private static func size(
    _ text: Substring, of option: String, _ ranges: inout [(name: String, range: ClosedRange<Int>)]
  ) throws -> Size {
    if let number = Int(text), number >= 0 { return .number(number) }
    let parts = text.split(separator: ":", maxSplits: 1)
    let bounds = (parts.last ?? "").split(separator: ".", omittingEmptySubsequences: false)
    let name = parts.count == 2 ? String(parts[0]) : String(text)
    if bounds.count == 3, bounds[1].isEmpty, let low = Int(bounds[0]), let high = Int(bounds[2]), 0 <= low, low <= high {
      if let known = ranges.first(where: { $0.name == name }) {
        guard known.range == low...high else {
          throw ProgramError("--vary \(option): \(name) is \(known.range.lowerBound)..\(known.range.upperBound) elsewhere")
        }
      } else {
        ranges.append((name, low...high))
      }
      return .range(name)
    }
    if ranges.contains(where: { $0.name == name }) { return .range(name) }
    throw ProgramError("--vary \(option): expected a size such as 3, 8..128 or length:8..128, found \(text)")
  }

  /// Tensors for the next call.
  public mutating func next(for module: Module) throws -> [Tensor] {
    var drawn: [String: Int] = [:]
    var left = ModelInputs.drawnBytes(work)
    for (name, range) in ranges { drawn[name] = Int.random(in: range, using: &generator) }
    func number(_ size: Size) -> Int {
      switch size {
      case .number(let number): number
      case .range(let name): drawn[name] ?? 1
      }
    }
    return try module.inputs.map { port in
      guard let type = port.type else { throw ProgramError("the shape of input \"\(port.name)\" is not known") }
      let shape =
        sizes[port.name]?.map(number)
        ?? type.shape.dimensions.enumerated().map { axis, size in size.value ?? (axis < first.count ? number(first[axis]) : 1) }
      return try ModelInputs.random(type.dtype, shape, of: port.name, &generator, within: &left)
    }
  }
}
