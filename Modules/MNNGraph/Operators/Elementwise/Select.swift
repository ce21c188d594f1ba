/// `a` where the condition holds, else `b`, with numpy's broadcasting of all three.
///
/// - Inputs: `condition` (bool, or integers of which 0 is false), `a`, `b` of one type.
/// - SeeAlso: ONNX Where; `.mnn` operator Select.
public struct Select: PrimitiveOperator {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = try operands.type(1)
    let b = try operands.type(2)
    guard a.dtype == b.dtype else {
      throw GraphError(
        .dtypeUnsupported, "the choices of Select differ in type", expected: "\(a.dtype)", found: "\(b.dtype)")
    }
    return [TensorType(a.dtype, try broadcastShape(broadcastShape(operands.shape(0), a.shape), b.shape))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    let condition = try arguments.tensor(0)
    let a = try arguments.tensor(1)
    let b = try arguments.tensor(2)
    let holds = try condition.scalars(as: Bool.self)
    let c = try broadcastIndices(from: condition.shape, to: shape)
    let x = try broadcastIndices(from: a.shape, to: shape)
    let y = try broadcastIndices(from: b.shape, to: shape)
    let fromA = try a.elements(at: c.indices.map { holds[c[$0]] ? x[$0] : -1 }, shape: shape)
    let fromB = try b.elements(at: c.indices.map { holds[c[$0]] ? -1 : y[$0] }, shape: shape)
    // Each element is zero bytes in one of the two.
    let target = fromA.mutableBytes
    fromB.withUnsafeBytes { source in for i in source.indices { target[i] |= source[i] } }
    return [fromA]
  }
}
