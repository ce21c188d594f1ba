import MNNGraph
import Synchronization

@testable import MNNRuntime

/// Runs operators by reference in memory of its own that the host cannot address, refuses some, and counts what it does.
final class CountingBackend: Backend {
  struct Counts: Equatable {
    var launches = 0
    var uploads = 0
    var downloads = 0
  }

  let name = "counting"
  let refuses: @Sendable (any Operator) -> Bool
  private let state = Synchronization.Mutex(Counts())

  init(refusing: @escaping @Sendable (any Operator) -> Bool) { refuses = refusing }

  var counts: Counts { state.withLock { $0 } }

  func support(for request: KernelRequest) -> Support {
    guard request.op is any PrimitiveOperator else { return .unsupported("not primitive") }
    return refuses(request.op) ? .unsupported("\(request.op.name) is refused by the test") : .supported
  }

  func makeKernel(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Kernel {
    CountingKernel(backend: self)
  }

  func allocate(byteCount: Int) throws(RunError) -> any DeviceBuffer { HiddenBuffer(byteCount: byteCount) }

  func upload(_ source: UnsafeRawBufferPointer, to target: BufferReference) throws(RunError) {
    state.withLock { $0.uploads += 1 }
    guard let buffer = target.buffer as? HiddenBuffer else { throw RunError(.device, "foreign buffer") }
    buffer.bytes.withLock { $0.replaceSubrange(target.offset..<target.offset + source.count, with: source) }
  }

  func download(_ source: BufferReference, to target: UnsafeMutableRawBufferPointer) throws(RunError) {
    state.withLock { $0.downloads += 1 }
    guard let buffer = source.buffer as? HiddenBuffer else { throw RunError(.device, "foreign buffer") }
    target.copyBytes(from: buffer.bytes.withLock { Array($0[source.offset..<source.offset + target.count]) })
  }

  fileprivate func countLaunch() { state.withLock { $0.launches += 1 } }
}

private final class HiddenBuffer: DeviceBuffer {
  let byteCount: Int
  var hostAddress: UnsafeMutableRawPointer? { nil }
  let bytes: Synchronization.Mutex<[UInt8]>

  init(byteCount: Int) {
    self.byteCount = byteCount
    bytes = Synchronization.Mutex([UInt8](repeating: 0xff, count: byteCount))
  }
}

private final class CountingKernel: Kernel {
  let backend: CountingBackend
  init(backend: CountingBackend) { self.backend = backend }

  func prepare(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    CountingLaunch(backend: backend, request: request)
  }
}

private struct CountingLaunch: Launch {
  let backend: CountingBackend
  let request: KernelRequest

  func run(_ arguments: LaunchArguments) throws(RunError) {
    backend.countLaunch()
    try asRunError { () throws(GraphError) in
      var tensors: [Tensor?] = []
      for i in 0..<request.operands.count {
        guard let type = request.operands[optional: i]?.type, let source = arguments.input(i) else {
          tensors.append(nil)
          continue
        }
        let tensor = try Tensor.zeros(type.dtype, type.shape.concreteSizes())
        if let buffer = source.buffer as? HiddenBuffer {
          tensor.mutableBytes.copyBytes(
            from: buffer.bytes.withLock { Array($0[source.offset..<source.offset + tensor.byteCount]) })
        }
        tensors.append(tensor)
      }
      for (i, result) in try Interpreter().evaluate(request.op, Arguments(tensors)).enumerated() {
        guard let target = arguments.result(i), let buffer = target.buffer as? HiddenBuffer else { continue }
        result.withUnsafeBytes { bytes in
          buffer.bytes.withLock { $0.replaceSubrange(target.offset..<target.offset + bytes.count, with: bytes) }
        }
      }
    }
  }
}
