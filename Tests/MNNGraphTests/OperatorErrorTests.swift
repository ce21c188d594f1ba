import Testing

@testable import MNNGraph

/// What operators say of inputs that do not fit.
@Suite("operator errors")
struct OperatorErrorTests {
  private func float(_ sizes: Int...) -> Operand { Operand(TensorType(.float32, Shape(sizes))) }

  private func code(_ op: any Operator, _ operands: [Operand?]) -> GraphError.Code? {
    do throws(GraphError) {
      _ = try op.resultTypes(for: Operands(operands))
      return nil
    } catch { return error.code }
  }

  @Test("a malformed equation", arguments: ["ij,jk->", "ij->ik", "i.j", "i1->i", "ij->jj", "....", "ij-i", "ijk"])
  func equations(_ equation: String) { #expect(code(Einsum(equation), [float(2, 3)]) == .attributeInvalid) }

  @Test("sizes of one name that differ")
  func einsumSizes() { #expect(code(Einsum("ij,jk"), [float(2, 3), float(4, 5)]) == .shapeMismatch) }

  @Test("a matrix that is not square")
  func determinant() { #expect(code(Determinant(), [float(2, 3)]) == .shapeMismatch) }

  @Test("an element type of another width")
  func bitCast() { #expect(code(BitCast(to: .int64), [float(2)]) == .dtypeUnsupported) }

  @Test("the last axis of a transform")
  func dft() throws {
    let axis = Operand(try Tensor(Int64(2)))
    #expect(code(DFT(), [float(1, 8, 1), nil, axis]) == .axisOutOfRange)
    #expect(code(DFT(), [float(1, 8, 3)]) == .shapeMismatch)
  }

  @Test("heads that do not share key heads")
  func attention() {
    #expect(code(Attention(), [float(1, 6, 2, 4), float(1, 4, 2, 4), float(1, 4, 2, 4)]) == .shapeMismatch)
    #expect(
      code(Attention(heads: .init(query: 0, key: 1)), [float(1, 2, 8), float(1, 2, 8), float(1, 2, 8)]) == .attributeInvalid)
  }

  @Test("a region of an image that is not there")
  func regions() throws {
    let x = try Tensor.zeros(.float32, [1, 1, 4, 4])
    let regions = try Tensor(shape: [1, 4], scalars: [Float(0), 0, 3, 3])
    #expect(throws: GraphError.self) {
      try RoiAlign(height: 2, width: 2).evaluate(Arguments([x, regions, Tensor([Int64(1)])]))
    }
    let endless = try Tensor(shape: [1, 4], scalars: [Float(0), 0, .infinity, 3])
    #expect(throws: GraphError.self) {
      try RoiAlign(height: 2, width: 2).evaluate(Arguments([x, endless, Tensor([Int64(0)])]))
    }
  }

  @Test("indices of maxima outside the image")
  func unpool() throws {
    let x = try Tensor.zeros(.float32, [1, 1, 2, 2])
    let indices = try Tensor(shape: [1, 1, 2, 2], scalars: [Int64(0), 3, 9, 16])
    #expect(throws: GraphError.self) { try MaxUnpool(kernel: [2, 2], strides: [2, 2]).evaluate(Arguments([x, indices])) }
  }

  @Test("an update that does not fit its cache")
  func scatter() throws {
    let cache = try Tensor.zeros(.float32, [1, 4, 2])
    let update = try Tensor.zeros(.float32, [1, 2, 2])
    #expect(throws: GraphError.self) { try TensorScatter().evaluate(Arguments([cache, update, Tensor([Int64(3)])])) }
    #expect(throws: GraphError.self) { try TensorScatter().evaluate(Arguments([cache, update, Tensor([Int64.max])])) }
  }

  @Test("a grid that is not a number samples zero")
  func grid() throws {
    let x = try Tensor(shape: [1, 1, 2, 2], scalars: [Float(1), 2, 3, 4])
    let grid = try Tensor(shape: [1, 1, 2, 2], scalars: [Float.nan, 0, .infinity, 0])
    let y = try GridSample(padding: .border).evaluate(Arguments([x, grid]))[0]
    #expect(try y.scalars(as: Float.self) == [0, 0])
  }
}
