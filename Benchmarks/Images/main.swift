import MNNCV

/// Times what is done to a picture before a model runs: `imagebench FILE NAME SECONDS` prints the median in milliseconds;
/// `imagebench --list` the names. Scripts/bench-cv asks OpenCV the same.
let arguments = Array(CommandLine.arguments.dropFirst())
let file = arguments.first ?? ""
let input = ModelInput(width: 224, height: 224, mean: [123.675, 116.28, 103.53], norm: [0.0171, 0.0175, 0.0174])
func image() throws -> Variable { try cv.imread(file) }

let operations: [(name: String, prepare: () throws -> () throws -> Void)] = [
  ("file to model", { { _ = try cv.imread(file, for: input) } }),
  ("file to model, full decoding", { { _ = try cv.imread(file, for: input, fullDecoding: true) } }),
  ("imread", { { _ = try cv.imread(file) } }),
  (
    "resize to model",
    {
      let image = try image()
      return { _ = try cv.resize(image, for: input) }
    }
  ),
  (
    "resize linear",
    {
      let image = try image()
      return { _ = try cv.resize(image, (640, 360)) }
    }
  ),
  (
    "resize area",
    {
      let image = try image()
      return { _ = try cv.resize(image, (500, 300), interpolation: .area) }
    }
  ),
  (
    "cvtColor gray",
    {
      let image = try image()
      return { _ = try cv.cvtColor(image, cv.COLOR_BGR2GRAY) }
    }
  ),
  (
    "cvtColor RGB",
    {
      let image = try image()
      return { _ = try cv.cvtColor(image, cv.COLOR_BGR2RGB) }
    }
  ),
  (
    "GaussianBlur 5",
    {
      let image = try image()
      return { _ = try cv.GaussianBlur(image, (5, 5), 0) }
    }
  ),
  (
    "warpAffine",
    {
      let (image, map) = (try image(), try cv.getRotationMatrix2D((960, 540), 10, 0.9))
      return { _ = try cv.warpAffine(image, map, (1920, 1080)) }
    }
  ),
]

if arguments.first == "--list" {
  print(operations.map(\.name).joined(separator: "\n"))
} else if arguments.count == 3, let operation = operations.first(where: { $0.name == arguments[1] }), let seconds = Double(arguments[2]) {
  let run = try operation.prepare()
  let clock = ContinuousClock()
  try run()
  var times: [Double] = []
  let end = clock.now + .seconds(seconds)
  while clock.now < end || times.count < 5 {
    let time = try clock.measure { try run() }
    times.append(Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) * 1e-15)
  }
  print(times.sorted()[times.count / 2])
} else {
  print("usage: imagebench --list | FILE NAME SECONDS")
}
