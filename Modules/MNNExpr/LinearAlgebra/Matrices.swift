import MNNGraph

/// A stack of matrices, `[…, rows, columns]`, one at a time in column-major doubles as LAPACK wants them.
struct Matrices {
  let values: [Double]
  /// The sizes before the last two.
  let stack: [Int]
  let rows: Int
  let columns: Int
  /// What a result of these is rounded to.
  let dtype: DType

  var count: Int { stack.reduce(1, *) }
  var least: Int { min(rows, columns) }

  /// - Throws: ``GraphError/Code/rankMismatch`` for fewer than two axes, ``ExprError/Code/linearAlgebra`` for numbers that are not
  ///   finite where `needsFinite`.
  init(_ tensor: Tensor, needsFinite: Bool = false) throws(ExprError) {
    guard tensor.rank >= 2 else {
      throw ExprError(
        GraphError(.rankMismatch, "not a matrix", expected: "rank of at least 2", found: "\(tensor.shape)"))
    }
    guard tensor.dtype.isFloatingPoint || tensor.dtype.isInteger, tensor.dtype != .float16, tensor.dtype != .bfloat16 else {
      throw ExprError(
        GraphError(
          .dtypeUnsupported, "no linear algebra on these numbers", expected: "float32 or float64", found: "\(tensor.dtype)"))
    }
    stack = Array(tensor.shape.dropLast(2))
    rows = tensor.shape[tensor.rank - 2]
    columns = tensor.shape[tensor.rank - 1]
    dtype = tensor.dtype == .float32 ? .float32 : .float64
    guard rows < Int(Int32.max) / 8, columns < Int(Int32.max) / 8, rows * columns < Int(Int32.max) else {
      throw ExprError(.linearAlgebra, "a matrix is too large", found: "\(tensor.shape)")
    }
    values = try asExprError { () throws(GraphError) in try tensor.scalars(as: Double.self) }
    if needsFinite, !values.allSatisfy(\.isFinite) {
      throw ExprError(.linearAlgebra, "a matrix holds numbers that are not finite")
    }
  }

  func requireSquare() throws(ExprError) {
    guard rows == columns else {
      throw ExprError(
        GraphError(.shapeMismatch, "not a square matrix", expected: "\(rows) columns", found: "\(columns)"))
    }
  }

  /// The matrix `index` of the stack, column-major.
  func columnMajor(_ index: Int) -> [Double] {
    transposed(values[index * rows * columns..<(index + 1) * rows * columns], rows: rows, columns: columns)
  }

  /// The matrix `index` of the stack, row-major.
  func rowMajor(_ index: Int) -> [Double] { Array(values[index * rows * columns..<(index + 1) * rows * columns]) }

  /// A tensor of row-major doubles under the stack's sizes and `tail`, rounded to the type of these matrices.
  func tensor(_ values: [Double], _ tail: [Int]) throws(ExprError) -> Tensor {
    try asExprError { () throws(GraphError) in try Tensor(shape: stack + tail, scalars: values).converted(to: dtype) }
  }
}

/// `[rows, columns]` to `[columns, rows]`, row-major.
func transposed(_ values: some RandomAccessCollection<Double>, rows: Int, columns: Int) -> [Double] {
  let values = Array(values)
  return [Double](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
    for column in 0..<columns {
      for row in 0..<rows { buffer[column * rows + row] = values[row * columns + column] }
    }
    initialized = rows * columns
  }
}

func requireSuccess(_ info: Int32, _ what: String) throws(ExprError) {
  guard info == 0 else { throw ExprError(.linearAlgebra, info > 0 ? what : "LAPACK refused argument \(-info)") }
}
