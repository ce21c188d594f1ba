package import MNNGraph

/// Host memory as a device buffer.
package final class HostBuffer: DeviceBuffer, @unchecked Sendable {
  // Unchecked: a session writes its buffers alone; the bytes of shared tensors are only read.
  private let storage: TensorStorage
  package let hostAddress: UnsafeMutableRawPointer?
  package let byteCount: Int

  package init(byteCount: Int) throws(RunError) {
    storage = try asRunError { () throws(GraphError) in try TensorStorage.allocateLasting(byteCount: byteCount) }
    hostAddress = storage.base
    self.byteCount = byteCount
  }

  /// The bytes of a tensor; written only if the tensor is not shared yet.
  package init(_ tensor: Tensor) {
    storage = tensor.storage
    hostAddress = tensor.storage.base + tensor.byteOffset
    byteCount = tensor.byteCount
  }
}
