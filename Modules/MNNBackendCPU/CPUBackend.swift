import CKernels
public import MNNGraph
package import MNNKernels
public import MNNRuntime

/// Runs operators on the processor with the kernels of CKernels.
///
/// The instruction sets are found when the backend is made; every kernel takes them, and the number of threads, as arguments.
public struct CPUBackend: Backend {
  public let name = "cpu"
  public let usesHostMemory = true
  package let processor: Processor

  /// - Parameter instructionSet: the highest level to use: `scalar`, `avx2`, `avx512`, `avx512vnni`, `avx512bf16`, `neon`, …; what
  ///   the processor lacks is left out. nil: the environment's `MNN_CPU_ISA`, or all that the processor has.
  /// - Throws: ``RunError/Code/backendUnavailable`` for a level that does not exist.
  public init(instructionSet: String? = nil) throws(RunError) {
    do throws(GraphError) {
      processor = try Processor(level: instructionSet ?? Processor.levelOfEnvironment)
    } catch {
      throw RunError(
        .backendUnavailable, error.what, expected: error.expected, found: error.found, advice: error.advice)
    }
  }

  /// Whether the processor, up to the level in use, multiplies bfloat16: what `precision: low` makes use of.
  package var multipliesHalves: Bool { processor.isa & UInt32(CK_ISA_AVX512BF16) != 0 }

  /// The float32 multiply-add rate of some threads together, measured now, in GFLOP/s: the ceiling of what a kernel can reach.
  /// Takes about 20 milliseconds.
  ///
  /// - Parameter threads: how many run at once, at least 1.
  public func measuredPeak(threads: Int = 1) -> Double { processor.measuredPeak(threads: threads) }

  /// How fast some threads together read an array of 64 MB, measured now, in GB/s. Takes about 30 milliseconds; 0 if there is no memory
  /// for the array.
  ///
  /// - Parameter threads: how many read at once, at least 1, each a part of its own.
  public func measuredBandwidth(threads: Int = 1) -> Double { processor.measuredBandwidth(threads: threads) }

  public func support(for request: KernelRequest) -> Support {
    guard request.hasKnownSizes else { return .unsupported("sizes are not known") }
    if let entry = CPUKernels.entry(for: request.op) { return entry.support(request, processor) }
    if request.op is any LayoutOperator { return LayoutKernel.support(request) }
    return .unsupported("no kernel for \(request.op.name)")
  }

  public func pipelines(settings: ExecutionSettings) -> [PassPipeline] {
    let pipeline = CPUPipeline(processor: processor, settings: settings, claims: claims)
    return [pipeline.bytePasses, pipeline.passes, pipeline.joiningPasses, .chains(claims)]
  }

  public func form(of request: KernelRequest, settings: ExecutionSettings) -> [Int] {
    CPUKernels.entry(for: request.op)?.form(request, processor) ?? []
  }

  public func makeKernel(for request: KernelRequest, settings: ExecutionSettings) throws(RunError) -> any Kernel {
    let result: any Kernel
    if let entry = CPUKernels.entry(for: request.op) {
      result = try entry.make(request, processor, settings)
    } else if request.op is any LayoutOperator {
      result = LayoutKernel(processor: processor)
    } else {
      throw RunError(.unsupported, "the cpu backend has no kernel", found: request.op.name)
    }
    return result
  }

  public func shortfall(of launch: any Launch, for request: KernelRequest, settings: ExecutionSettings) -> String? {
    Shortfall.text(of: launch, for: request, settings: settings, on: processor)
  }

  /// Denormal numbers are zeros during a run, on all its threads: they cost a hundred times as much, and are noise in a network.
  public func beginRun(settings: ExecutionSettings) -> UInt64 {
    if settings.threads > 1 { ck_threads_begin() }
    return ck_float_mode_flush_denormals()
  }

  public func endRun(_ state: UInt64) { ck_float_mode_restore(state) }

  public func allocate(byteCount: Int) throws(RunError) -> any DeviceBuffer { try HostBuffer(byteCount: byteCount) }

  public func upload(_ source: UnsafeRawBufferPointer, to target: BufferReference) throws(RunError) {
    guard let address = target.hostAddress, let base = source.baseAddress else { return }
    address.copyMemory(from: base, byteCount: source.count)
  }

  public func download(_ source: BufferReference, to target: UnsafeMutableRawBufferPointer) throws(RunError) {
    guard let address = source.hostAddress, let base = target.baseAddress else { return }
    base.copyMemory(from: address, byteCount: target.count)
  }
}

extension KernelRequest {
  /// True if all sizes are numbers of at least 0.
  var hasKnownSizes: Bool {
    func known(_ type: TensorType) -> Bool { type.shape.sizes.map { $0.allSatisfy { $0 >= 0 } } ?? false }
    return results.allSatisfy(known) && (0..<operands.count).allSatisfy { operands[optional: $0].map { known($0.type) } ?? true }
  }
}

extension RuntimeManager {
  /// Runs on the processor alone.
  ///
  /// - Parameters:
  ///   - threads: 1 to ``maximumThreads``.
  ///   - instructionSet: see ``CPUBackend/init(instructionSet:)``.
  public static func cpu(
    threads: Int = 1, precision: ExecutionSettings.Precision = .normal, memory: ExecutionSettings.Memory = .normal,
    instructionSet: String? = nil
  ) throws(RunError) -> RuntimeManager {
    try RuntimeManager(
      backends: [CPUBackend(instructionSet: instructionSet)], threads: threads, precision: precision, memory: memory)
  }
}
