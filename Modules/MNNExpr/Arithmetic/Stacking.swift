package import MNNGraph

extension Variable {
  /// Arrays of one shape along a new first axis, in the type in which they meet.
  static func stacked(_ elements: [Variable]) -> Variable {
    if elements.isEmpty { return Variable([Float]()) }
    do throws(ExprError) {
      let dtype = try commonType(elements)
      if let tensors = known(elements) {
        return try asExprError { () throws(GraphError) in
          let shape = tensors[0].shape
          for tensor in tensors where tensor.shape != shape {
            throw GraphError(
              .shapeMismatch, "the elements of an array differ in shape", expected: "\(shape)", found: "\(tensor.shape)")
          }
          let result = try Tensor(uninitialized: dtype, shape: [tensors.count] + shape)
          let width = tensors[0].count * dtype.byteCount
          guard width > 0, let base = result.mutableBytes.baseAddress else { return Variable(result) }
          var stacked = Variable(result)
          for (i, tensor) in tensors.enumerated() {
            try tensor.converted(to: dtype).withUnsafeBytes { bytes in
              if let source = bytes.baseAddress { (base + i * width).copyMemory(from: source, byteCount: width) }
            }
          }
          if dtype == .float32, elements.contains(where: { $0.exact != nil }) {
            var values: [Double] = []
            for (element, tensor) in zip(elements, tensors) {
              if let exact = element.exact { values += exact.values } else { values += try tensor.scalars(as: Double.self) }
            }
            stacked.exact = ExactNumbers(values)
          }
          return stacked
        }
      }
      return apply(Concat(axis: 0), elements.map { $0.cast(to: dtype).unsqueezed(axes: [0]) })
    } catch { return Variable(failed: error) }
  }

  private static func known(_ elements: [Variable]) -> [Tensor]? {
    var tensors: [Tensor] = []
    for element in elements {
      guard let tensor = element.knownTensor else { return nil }
      tensors.append(tensor)
    }
    return tensors
  }

  /// The type in which all meet; numbers written in the source give way.
  package static func commonType(_ elements: [Variable]) throws(ExprError) -> DType {
    var arrays: DType?
    var literals: DType?
    for element in elements {
      let dtype = try element.dtype
      if element.isLiteral {
        literals =
          literals.map {
            $0.isFloatingPoint != dtype.isFloatingPoint ? ($0.isFloatingPoint ? $0 : dtype) : DType.promoted($0, dtype)
          } ?? dtype
      } else {
        arrays = arrays.map { DType.promoted($0, dtype) } ?? dtype
      }
    }
    if let arrays, let literals { return arrays.promoted(withLiteral: literals) }
    return arrays ?? literals ?? .float32
  }

  /// Axes of size 1 added where `axes` says, as positions in the result.
  package func unsqueezed(axes: [Int]) -> Variable {
    Variable.apply(Unsqueeze(), [self, Variable(axes.map { Int64($0) })], constants: [1])
  }
}
