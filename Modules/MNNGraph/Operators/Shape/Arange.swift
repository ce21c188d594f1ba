/// The numbers from `start` towards `limit`, `step` apart, without `limit`.
///
/// - Inputs: `start`, `limit`, `step`: one element each, of one type. Result: a vector of that type.
/// - SeeAlso: ONNX Range; `.mnn` operator Range.
public struct Arange: PrimitiveOperator {
  public static let name = "Range"

  public init() {}

  private func count(_ operands: Operands) throws(GraphError) -> Int {
    var numbers: [Tensor] = []
    for i in 0..<3 { numbers.append(try operands.constant(i)) }
    guard numbers.allSatisfy({ $0.count == 1 && $0.dtype == numbers[0].dtype }) else {
      throw GraphError(
        .shapeMismatch, "start, limit and step must be one number each, of one type",
        found: numbers.map { "\($0.type)" }.joined(separator: ", "))
    }
    let values = try numbers.map { n throws(GraphError) in try n.scalars(as: Double.self)[0] }
    let steps = ((values[1] - values[0]) / values[2]).rounded(.up)
    guard values[2] != 0, steps.isFinite, steps < 0x1p40 else {
      throw GraphError(.attributeInvalid, "the range has no end", found: "\(values[0]) to \(values[1]) by \(values[2])")
    }
    return max(0, Int(converting: steps))
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(try operands.dtype(0), [Dimension(try count(operands))])]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let count = try count(arguments.operands)
    let dtype = try arguments.tensor(0).dtype
    if dtype.isFloatingPoint {
      let start = try arguments.scalars(0, as: Double.self)[0]
      let step = try arguments.scalars(2, as: Double.self)[0]
      return [try Tensor.generated([count]) { start + Double($0) * step }.converted(to: dtype)]
    }
    let start = try arguments.scalars(0, as: Int64.self)[0]
    let step = try arguments.scalars(2, as: Int64.self)[0]
    return [try Tensor.generated([count]) { start &+ Int64($0) &* step }.converted(to: dtype)]
  }
}
