import Foundation
import MNNNumpy
import Testing

@Suite("files")
struct FileTests {
  @Test("reads back what it writes")
  func roundTrip() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("numpy-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let x = np.arange(12, dtype: np.float64).reshape(3, 4)
    try np.save("\(folder)/x.npy", x)
    var y = try np.load("\(folder)/x.npy")
    #expect(try np.arrayEqual(x, y))
    // What lies in a file's memory is copied before it is written.
    y[0] = 7
    #expect(try y[0].scalars(as: Double.self) == [7, 7, 7, 7])
    #expect(try np.arrayEqual(np.load("\(folder)/x.npy"), x))
    try np.savez("\(folder)/a.npz", ["x": x, "mask": x > 3])
    try np.savezCompressed("\(folder)/b.npz", ["x": x, "mask": x > 3])
    for name in ["a", "b"] {
      let arrays = try np.loadz("\(folder)/\(name).npz")
      #expect(arrays.keys.sorted() == ["mask", "x"])
      #expect(try arrays["mask"]?.dtype == .bool)
    }
    #expect(throws: ExprError.self) { try np.load("\(folder)/none.npy") }
    #expect(throws: ExprError.self) { try np.save("\(folder)/bad.npy", np.sum(x, axis: 9)) }
  }
}
