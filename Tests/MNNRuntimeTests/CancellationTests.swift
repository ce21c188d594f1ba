import MNNGraph
import MNNRuntime
import Testing

@Suite struct CancellationTests {
  @Test("a cancelled task gets an error that says so")
  func cancelled() async throws {
    let module = try Module(graph: ModuleTests.graph(), runtime: RuntimeManager(backends: []))
    let x = try ModuleTests.input.get()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await module.forward([x])
    }
    task.cancel()
    await #expect { try await task.value } throws: { ($0 as? RunError)?.code == .cancelled }
    #expect(try await module.forward([x]).count == 2)
  }
}
