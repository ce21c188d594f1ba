import MNNGraph
import MNNRuntime

/// The rewriting of a graph that this backend runs.
struct CPUPipeline {
  let processor: Processor
  let settings: ExecutionSettings

  var passes: PassPipeline { PassPipeline([.removeDeadNodes]) }
}
