import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime

/// The fixtures beside the checkout, where there are any: `../shared/fixtures`.
enum SharedFixtures {
  static let folder: String? = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared/fixtures").path
      if FileManager.default.fileExists(atPath: candidate + "/digits") { return candidate }
    }
    return nil
  }()

  static func tensor(_ name: String) throws -> Tensor { try Tensor(contentsOfNPY: (folder ?? "") + "/" + name) }

  static func files(in name: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: (folder ?? "") + "/" + name).sorted()) ?? []
  }

  static func temporaryPath(_ name: String) -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)").path
  }
}

/// The largest difference over the largest magnitude; infinite if shapes differ.
func difference(_ got: Tensor, _ want: Tensor) throws -> Double {
  guard got.shape == want.shape else { return .infinity }
  let (a, b) = (try got.scalars(as: Double.self), try want.scalars(as: Double.self))
  let scale = b.reduce(1e-30) { max($0, abs($1)) }
  var worst = 0.0
  for (x, y) in zip(a, b) where x != y { worst = max(worst, (x - y).isNaN ? .infinity : abs(x - y) / scale) }
  return worst
}
