package import MNNGraph

/// Runs every operator by its reference meaning on host memory: the last resort, and an oracle.
package struct ReferenceBackend: Backend {
  package let name = "reference"
  package let usesHostMemory = true

  package init() {}

  package func support(for request: KernelRequest) -> Support {
    request.op is any PrimitiveOperator ? .supported : .unsupported("\(request.op.name) is not a primitive operator")
  }

  /// None: what is fused would only be expanded again.
  package func pipelines(settings: ExecutionSettings) -> [PassPipeline] { [] }

  package func makeKernel(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Kernel {
    ReferenceKernel()
  }

  package func allocate(byteCount: Int) throws(RunError) -> any DeviceBuffer { try HostBuffer(byteCount: byteCount) }

  package func upload(_ source: UnsafeRawBufferPointer, to target: BufferReference) throws(RunError) {
    guard let address = target.hostAddress, let base = source.baseAddress else { return }
    address.copyMemory(from: base, byteCount: source.count)
  }

  package func download(_ source: BufferReference, to target: UnsafeMutableRawBufferPointer) throws(RunError) {
    guard let address = source.hostAddress, let base = target.baseAddress else { return }
    base.copyMemory(from: address, byteCount: target.count)
  }
}

private final class ReferenceKernel: Kernel {
  func prepare(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Launch {
    ReferenceLaunch(request: request)
  }
}

private struct ReferenceLaunch: Launch {
  let request: KernelRequest
  var algorithm: String { "reference" }

  func run(_ arguments: LaunchArguments) throws(RunError) {
    try asRunError { () throws(GraphError) in
      var tensors: [Tensor?] = []
      for i in 0..<request.operands.count {
        guard let operand = request.operands[optional: i], let address = arguments.inputAddress(i) else {
          tensors.append(nil)
          continue
        }
        let (dtype, shape) = (operand.type.dtype, try operand.type.shape.concreteSizes())
        let copy = try Tensor(
          dtype: dtype, shape: shape,
          storage: TensorStorage.allocate(byteCount: dtype.byteCount(of: checkedElementCount(shape))))
        copy.mutableBytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: copy.byteCount))
        tensors.append(copy)
      }
      let results: [Tensor]
      do throws(GraphError) {
        results = try Interpreter().evaluate(request.op, Arguments(tensors))
      } catch { throw error.at(node: request.nodeName, operator: request.op.name) }
      for (i, result) in results.enumerated() where i < request.results.count {
        guard result.type == request.results[i] else {
          throw GraphError(
            .shapeMismatch, "a result is not what was planned", expected: "\(request.results[i])", found: "\(result.type)"
          ).at(node: request.nodeName, operator: request.op.name)
        }
        result.withUnsafeBytes { bytes in
          guard let target = arguments.resultAddress(i), let source = bytes.baseAddress else { return }
          target.copyMemory(from: source, byteCount: bytes.count)
        }
      }
    }
  }
}
