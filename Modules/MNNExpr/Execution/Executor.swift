import MNNBackendCPU
import MNNGraph
import MNNKernels
public import MNNRuntime
import Synchronization

/// How expressions are computed: on which backends, with how many threads, lazily or at once.
///
/// Settings travel with the task: `try Executor(threads: 4).run { … }` holds for what is built and read inside, in this task and
/// its children, and nowhere else. An executor may be shared by any number of tasks; it keeps the plans that they made.
public final class Executor: Sendable {
  public enum Mode: Sendable, Hashable {
    /// Operators are computed when a result is read, together.
    case lazy
    /// Every operator is computed when it is written.
    case eager
  }

  public let mode: Mode
  private let runtimeResult: Result<RuntimeManager, RunError>
  /// Kernels for single operators on tensors; nil if the processor is not the first choice.
  let direct: DirectKernels?
  let plans: PlanStore

  /// - Parameters:
  ///   - runtime: backends in order of preference, threads, precision, memory.
  ///   - planCapacity: how many plans are kept, those used last.
  public init(_ runtime: RuntimeManager, mode: Mode = .lazy, planCapacity: Int = 64) {
    self.mode = mode
    runtimeResult = .success(runtime)
    direct = (runtime.backends.first as? CPUBackend).map { DirectKernels($0.processor, threads: runtime.settings.threads) }
    plans = PlanStore(capacity: planCapacity)
  }

  /// Runs on the processor.
  ///
  /// - Throws: ``ExprError`` for an impossible number of threads or an unknown `MNN_CPU_ISA`.
  public convenience init(
    threads: Int = 1, precision: ExecutionSettings.Precision = .normal, memory: ExecutionSettings.Memory = .normal,
    mode: Mode = .lazy
  ) throws(ExprError) {
    do throws(RunError) {
      self.init(try RuntimeManager.cpu(threads: threads, precision: precision, memory: memory), mode: mode)
    } catch { throw ExprError(error) }
  }

  private init(_ result: Result<RuntimeManager, RunError>) {
    mode = .lazy
    runtimeResult = result
    direct = (try? result.get()).flatMap { runtime in
      (runtime.backends.first as? CPUBackend).map { DirectKernels($0.processor, threads: runtime.settings.threads) }
    }
    plans = PlanStore(capacity: 64)
  }

  /// One thread, lazy. An environment that asks for an unknown instruction set makes every reading throw.
  public static let standard = Executor(
    Result { () throws(RunError) in try RuntimeManager.cpu() })

  /// The executor of the current task.
  @TaskLocal public static var current: Executor = .standard

  /// Lets `body` build and read expressions with this executor.
  public func run<R>(_ body: () throws -> R) rethrows -> R { try Executor.$current.withValue(self, operation: body) }

  /// Lets `body` build and read expressions with this executor.
  public func run<R>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R) async rethrows -> R {
    try await Executor.$current.withValue(self, operation: body, isolation: isolation)
  }

  var runtime: RuntimeManager {
    get throws(ExprError) {
      do throws(RunError) { return try runtimeResult.get() } catch { throw ExprError(error) }
    }
  }

  /// Forgets all plans.
  public func clearPlans() { plans.removeAll() }
}
