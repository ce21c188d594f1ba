import MNNGraph
import MNNKernels

extension Tensor {
  /// The elements for reading during `body`, taken to be of type `T`, which the caller has made sure of.
  @inline(__always)
  func read<T: TensorScalar, R>(_: T.Type, _ body: (UnsafePointer<T>) -> R) -> R {
    withExtendedLifetime(storage) { body(UnsafePointer((storage.base + byteOffset).assumingMemoryBound(to: T.self))) }
  }

  /// The elements for writing, before the tensor is shared.
  @inline(__always)
  func target<T: TensorScalar>(_: T.Type) -> UnsafeMutablePointer<T> {
    (storage.base + byteOffset).assumingMemoryBound(to: T.self)
  }

  /// The first byte, for reading while the tensor is kept alive.
  @inline(__always)
  var rawBase: UnsafeMutableRawPointer { storage.base + byteOffset }

  /// The elements as `dtype`: from integers to integers the low bits, from floating point toward zero.
  func cast(to dtype: DType) throws(GraphError) -> Tensor {
    if dtype == self.dtype { return self }
    let result = try Tensor(uninitialized: dtype, shape: shape)
    withExtendedLifetime(storage) {
      ArrayKernels.convert(self.dtype, dtype, count: count, rawBase, result.rawBase)
    }
    return result
  }

  /// The elements in the type that arithmetic of `dtype` is done in.
  func lanes(of dtype: DType) throws(GraphError) -> Tensor { try cast(to: Promotion.lane(dtype)) }

  /// The same bytes under another type of equal width.
  func reinterpreted(as dtype: DType) throws(GraphError) -> Tensor {
    try Tensor(dtype: dtype, shape: shape, storage: storage, byteOffset: byteOffset)
  }
}

/// A tensor of `shape` whose elements `body` writes.
@inline(__always)
func makeTensor<T: TensorScalar>(
  _ shape: [Int], of _: T.Type, _ body: (UnsafeMutablePointer<T>) -> Void
) throws(GraphError) -> Tensor {
  let result = try Tensor(uninitialized: T.dtype, shape: shape)
  body(result.target(T.self))
  return result
}

/// `f` of every element.
@inline(__always)
func mapped<T: TensorScalar, R: TensorScalar>(
  _ x: Tensor, _: T.Type, to _: R.Type, _ f: (T) -> R
) throws(GraphError) -> Tensor {
  let count = x.count
  return try makeTensor(x.shape, of: R.self) { target in
    x.read(T.self) { source in
      for i in 0..<count { target[i] = f(source[i]) }
    }
  }
}
