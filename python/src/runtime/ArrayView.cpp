//===- ArrayView.cpp - Arrays of other libraries --------------------------===//

#include "ArrayView.h"
#include "DLPack.h"

#include <nanobind/stl/string_view.h>

#include <algorithm>
#include <cstring>

using namespace glu::python;
using namespace nanobind::literals;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

static constexpr struct {
  const char *name;
  unsigned bytes;
} dtypes[] = {
    {"bool", 1},     {"int8", 1},          {"int16", 2},       {"int32", 4},
    {"int64", 8},    {"uint8", 1},         {"uint16", 2},      {"uint32", 4},
    {"uint64", 8},   {"float8_e4m3fn", 1}, {"float8_e5m2", 1}, {"float16", 2},
    {"bfloat16", 2}, {"float32", 4},       {"float64", 8},
};

const char *glu::python::getName(DType type) {
  return dtypes[size_t(type)].name;
}
unsigned glu::python::getByteWidth(DType type) {
  return dtypes[size_t(type)].bytes;
}

static bool lookUp(std::string_view name, DType &type) {
  for (size_t i = 0; i < std::size(dtypes); ++i)
    if (name == dtypes[i].name) {
      type = DType(i);
      return true;
    }
  return false;
}

DType glu::python::getDType(std::string_view name) {
  DType type;
  if (!lookUp(name, type))
    throw nb::value_error(
        ("no element type is called '" + std::string(name) + "'").c_str());
  return type;
}

/// The type of the given kind ('b', 'i', 'u', 'f') and width.
static bool lookUp(char kind, int64_t bytes, DType &type) {
  auto pick = [&](DType first) {
    if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8)
      return false;
    type = DType(int(first) + __builtin_ctz(unsigned(bytes)));
    return true;
  };
  switch (kind) {
  case 'b':
    type = DType::Bool;
    return bytes == 1;
  case 'i':
    return pick(DType::Int8);
  case 'u':
    return pick(DType::UInt8);
  case 'f':
    type = bytes == 2   ? DType::Float16
           : bytes == 4 ? DType::Float32
                        : DType::Float64;
    return bytes == 2 || bytes == 4 || bytes == 8;
  default:
    return false;
  }
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

[[noreturn]] static void raiseType(const char *name, const std::string &what) {
  throw nb::type_error((std::string(name) + ": " + what).c_str());
}
[[noreturn]] static void raiseValue(const char *name, const std::string &what) {
  throw nb::value_error((std::string(name) + ": " + what).c_str());
}

/// Text of any object, for messages; never throws.
static std::string toString(nb::handle object) {
  PyObject *text = PyObject_Str(object.ptr());
  const char *chars = text ? PyUnicode_AsUTF8(text) : nullptr;
  std::string result = chars ? chars : "?";
  Py_XDECREF(text);
  PyErr_Clear();
  return result;
}

[[noreturn]] static void raiseElement(const char *name,
                                      const std::string &what) {
  raiseType(name, "elements of type " + what +
                      " are not taken; expected a float, an integer or bool "
                      "in this machine's byte order");
}

/// Takes the Python error that is set and throws it anew, saying which argument
/// it is about. What is no plain exception (KeyboardInterrupt) goes through.
[[noreturn]] static void rethrow(const char *name) {
  nb::python_error error; // Takes it.
  if (!error.matches(PyExc_Exception) || error.matches(PyExc_MemoryError))
    throw error;
  std::string what = toString(error.value());
  what.resize(std::min(what.find('\n'), what.size())); // No stacks of C++.
  PyErr_Clear();
  if (error.matches(PyExc_TypeError))
    raiseType(name, what);
  raiseValue(name, what);
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// Sets the strides that do not matter; checks what the sizes add up to.
static void normalize(ArrayView &view, const char *name) {
  int64_t count = 1;
  bool empty = false;
  for (int d = 0; d < view.rank; ++d) {
    if (view.sizes[d] < 0)
      raiseValue(name, "dimension " + std::to_string(d) + " is negative");
    empty |= view.sizes[d] == 0;
  }
  for (int d = view.rank; d-- > 0;) {
    if (empty || view.sizes[d] == 1)
      view.strides[d] = count;
    if (!empty && __builtin_mul_overflow(count, view.sizes[d], &count))
      raiseValue(name, "more elements than 63 bits count");
    if (!empty) {
      int64_t reach;
      if (__builtin_mul_overflow(view.sizes[d] - 1, view.strides[d], &reach) ||
          __builtin_mul_overflow(reach, int64_t(getByteWidth(view.type)),
                                 &reach))
        raiseValue(name, "a stride is too large");
    }
  }
  if (!empty && !view.data)
    raiseValue(name, "has no memory");
  if (reinterpret_cast<uintptr_t>(view.data) % getByteWidth(view.type))
    raiseValue(name, "is not aligned to its elements of " +
                         std::to_string(getByteWidth(view.type)) +
                         " bytes; copy it first");
}

static void setRank(ArrayView &view, int64_t rank, const char *name) {
  if (rank < 0 || rank > ArrayView::maxRank)
    raiseValue(name, "has " + std::to_string(rank) + " dimensions; at most " +
                         std::to_string(ArrayView::maxRank) + " are taken");
  view.rank = uint8_t(rank);
}

/// Strides in bytes to strides in elements.
template <typename Int>
static void setByteStrides(ArrayView &view, const Int *sizes,
                           const Int *strides, const char *name) {
  int64_t bytes = getByteWidth(view.type);
  int64_t dense = 1;
  for (int d = view.rank; d-- > 0;) {
    view.sizes[d] = sizes[d];
    int64_t stride = strides ? int64_t(strides[d]) : dense * bytes;
    if (view.sizes[d] > 1 && stride % bytes)
      raiseValue(name, "its stride of " + std::to_string(stride) +
                           " bytes is no multiple of the element's " +
                           std::to_string(bytes) + "; copy it first");
    view.strides[d] = stride / bytes;
    if (!strides && __builtin_mul_overflow(dense, view.sizes[d], &dense))
      dense = 0;
  }
}

void ArrayView::getExtent(int64_t &first, int64_t &last) const {
  first = 0;
  last = 1;
  for (int d = 0; d < rank; ++d) {
    if (sizes[d] == 0) {
      first = last = 0;
      return;
    }
    int64_t reach = (sizes[d] - 1) * strides[d];
    (reach < 0 ? first : last) += reach;
  }
  first *= getByteWidth(type);
  last *= getByteWidth(type);
}

//===----------------------------------------------------------------------===//
// NumPy
//===----------------------------------------------------------------------===//

namespace {
/// What `__array_struct__` of NumPy's array interface, version 3, points to.
struct ArrayInterface {
  int two;
  int rank;
  char typeKind;
  int itemSize;
  int flags;
  Py_ssize_t *sizes;
  Py_ssize_t *strides;
  void *data;
  PyObject *description;
};
constexpr int flagNativeOrder = 0x200;
constexpr int flagWritable = 0x400;
} // namespace

/// The types of ml_dtypes are raw bytes to the interface; their name says more.
static DType getNamedDType(nb::handle object, const char *name) {
  nb::object dtype = nb::getattr(object, "dtype", nb::none());
  nb::object text = nb::getattr(dtype, "name", nb::none());
  DType type;
  if (!nb::isinstance<nb::str>(text) ||
      !lookUp(nb::cast<std::string_view>(text), type))
    raiseElement(name, toString(dtype));
  return type;
}

/// Their data is that of arrays, and means something else.
static void checkNotMasked(nb::handle object, const char *name) {
  if (nb::hasattr(object, "_mask") && nb::hasattr(object, "filled"))
    raiseType(name, "is a masked array, whose mask would not be seen; expected "
                    "a plain one, as its method `filled` gives it");
}

static bool fromArrayStruct(nb::handle object, const char *name,
                            ArrayView &view) {
  static PyObject *attribute = PyUnicode_InternFromString("__array_struct__");
  nb::object capsule = nb::steal(PyObject_GetAttr(object.ptr(), attribute));
  if (!capsule.is_valid()) {
    if (!PyErr_ExceptionMatches(PyExc_AttributeError))
      rethrow(name);
    PyErr_Clear();
    return false;
  }
  if (!PyCapsule_CheckExact(capsule.ptr()))
    return false;
  auto *array = static_cast<ArrayInterface *>(
      PyCapsule_GetPointer(capsule.ptr(), nullptr));
  if (!array || array->two != 2) {
    PyErr_Clear();
    return false;
  }
  if (std::strcmp(Py_TYPE(object.ptr())->tp_name, "numpy.ndarray") != 0)
    checkNotMasked(object, name);
  setRank(view, array->rank, name);
  if (!lookUp(array->typeKind, array->itemSize, view.type))
    view.type = getNamedDType(object, name);
  if (!(array->flags & flagNativeOrder) && array->itemSize > 1)
    raiseElement(name, "of the other byte order");
  view.readOnly = !(array->flags & flagWritable);
  view.data = static_cast<char *>(array->data);
  setByteStrides(view, array->sizes, array->strides, name);
  view.owner = std::move(capsule);
  return true;
}

//===----------------------------------------------------------------------===//
// DLPack
//===----------------------------------------------------------------------===//

static DType getDType(dlpack::DataType type, const char *name) {
  if (type.lanes == 1 && type.bits % 8 == 0) {
    DType result;
    switch (type.code) {
    case dlpack::codeInt:
      if (lookUp('i', type.bits / 8, result))
        return result;
      break;
    case dlpack::codeUInt:
      if (lookUp('u', type.bits / 8, result))
        return result;
      break;
    case dlpack::codeFloat:
      if (lookUp('f', type.bits / 8, result))
        return result;
      break;
    case dlpack::codeBFloat:
      if (type.bits == 16)
        return DType::BFloat16;
      break;
    case dlpack::codeBool:
      if (type.bits == 8)
        return DType::Bool;
      break;
    case dlpack::codeFloat8E4M3FN:
      return DType::Float8E4M3FN;
    case dlpack::codeFloat8E5M2:
      return DType::Float8E5M2;
    }
  }
  raiseElement(name, "DLPack code " + std::to_string(type.code) + ", " +
                         std::to_string(type.bits) + " bits, " +
                         std::to_string(type.lanes) + " lanes");
}

[[noreturn]] static void raiseDevice(nb::handle place, const char *name) {
  raiseValue(name,
             "is on device " + toString(place) +
                 "; expected an array in the memory of the CPU (for GPUs, "
                 "see glu.compile)");
}

/// DLPack's (type, number) of the device that `object` is on.
static dlpack::Device getDevice(nb::handle object, const char *name) {
  nb::object device;
  try {
    device = object.attr("__dlpack_device__")();
  } catch (nb::python_error &error) {
    error.restore();
    rethrow(name);
  }
  dlpack::Device result = {0, 0};
  if (PyTuple_Check(device.ptr()) && PyTuple_GET_SIZE(device.ptr()) == 2) {
    result.type = int32_t(PyLong_AsLong(PyTuple_GET_ITEM(device.ptr(), 0)));
    result.id = int32_t(PyLong_AsLong(PyTuple_GET_ITEM(device.ptr(), 1)));
    PyErr_Clear();
  }
  return result;
}

/// What messages call the device of `object`.
static nb::object getPlace(nb::handle object, dlpack::Device device) {
  return nb::getattr(object, "device", nb::make_tuple(device.type, device.id));
}

static void checkDevice(nb::handle object, const char *name) {
  dlpack::Device device = getDevice(object, name);
  // Page-locked memory of a GPU's driver is the CPU's as well.
  constexpr int32_t pinned[] = {3, 11};
  if (device.type == dlpack::deviceCPU || device.type == pinned[0] ||
      device.type == pinned[1])
    return;
  raiseDevice(getPlace(object, device), name);
}

/// Fills in what `tensor` says.
static void setTensor(ArrayView &view, const dlpack::Tensor &tensor,
                      const char *name) {
  setRank(view, tensor.rank, name);
  view.type = getDType(tensor.type, name);
  view.data = static_cast<char *>(tensor.data) + tensor.byteOffset;
  int64_t dense = 1;
  for (int d = view.rank; d-- > 0;) {
    view.sizes[d] = tensor.sizes[d];
    view.strides[d] = tensor.strides ? tensor.strides[d] : dense;
    if (!tensor.strides && __builtin_mul_overflow(dense, view.sizes[d], &dense))
      dense = 0;
  }
}

/// What is in a capsule that `__dlpack__` gave.
static void fromCapsule(nb::object capsule, const char *name, ArrayView &view) {
  const dlpack::Tensor *tensor;
  if (PyCapsule_IsValid(capsule.ptr(), "dltensor_versioned")) {
    auto *managed = static_cast<dlpack::VersionedTensor *>(
        PyCapsule_GetPointer(capsule.ptr(), "dltensor_versioned"));
    if (managed->major != 1)
      raiseType(name, "speaks DLPack " + std::to_string(managed->major) +
                          "; expected version 0 or 1");
    view.readOnly = managed->flags & dlpack::flagReadOnly;
    tensor = &managed->tensor;
  } else if (PyCapsule_IsValid(capsule.ptr(), "dltensor")) {
    tensor = &static_cast<dlpack::ManagedTensor *>(
                  PyCapsule_GetPointer(capsule.ptr(), "dltensor"))
                  ->tensor;
  } else {
    raiseType(name, "__dlpack__ returned no DLPack capsule");
  }
  setTensor(view, *tensor, name);
  view.owner = std::move(capsule);
}

static bool fromDLPack(nb::handle object, const char *name, ArrayView &view) {
  nb::object method = nb::getattr(object, "__dlpack__", nb::none());
  if (!PyCallable_Check(method.ptr()))
    return false;
  checkDevice(object, name);
  nb::object capsule;
  static PyObject *keywords = Py_BuildValue("(s)", "max_version");
  static PyObject *version = Py_BuildValue("(ii)", 1, 1);
  capsule = nb::steal(PyObject_Vectorcall(method.ptr(), &version, 0, keywords));
  if (!capsule.is_valid() && PyErr_ExceptionMatches(PyExc_TypeError)) {
    PyErr_Clear(); // From before version 1.
    capsule = nb::steal(PyObject_CallNoArgs(method.ptr()));
  }
  if (!capsule.is_valid())
    rethrow(name);
  fromCapsule(std::move(capsule), name, view);
  return true;
}

//===----------------------------------------------------------------------===//
// PyTorch and JAX, faster than by Python's methods
//===----------------------------------------------------------------------===//

/// Results of these functions have no gradient, which must not go unnoticed.
static void checkGradient(nb::handle tensor, const char *name) {
  static PyObject *attribute = PyUnicode_InternFromString("requires_grad");
  nb::object
    requires
  = nb::steal(PyObject_GetAttr(tensor.ptr(), attribute));
  if (!requires.is_valid())
    rethrow(name);
  if (requires.ptr() != Py_True)
    return;
  static PyObject *isEnabled =
      nb::module_::import_("torch").attr("is_grad_enabled").inc_ref().ptr();
  if (nb::steal(PyObject_CallNoArgs(isEnabled)).ptr() == Py_True)
    raiseValue(name, "requires a gradient, which is not computed here; use "
                     "glu.torch, or torch.no_grad()");
}

/// A tensor may have the negated values of its memory (the imaginary part of a
/// conjugate), which DLPack does not say.
static void checkNegative(nb::handle tensor, const char *name) {
  static PyObject *method = PyUnicode_InternFromString("is_neg");
  nb::object isNegative =
      nb::steal(PyObject_CallMethodNoArgs(tensor.ptr(), method));
  if (!isNegative.is_valid())
    rethrow(name);
  if (isNegative.ptr() == Py_True)
    raiseValue(name, "its memory holds the negated values; expected plain "
                     "memory, as Tensor.resolve_neg gives it");
}

static bool fromTorch(nb::handle object, const char *name, ArrayView &view) {
  checkGradient(object, name);
  checkNegative(object, name);
  // Subclasses may have anything in the place of their memory.
  nb::handle type = (PyObject *)Py_TYPE(object.ptr());
  const char *typeName = Py_TYPE(object.ptr())->tp_name;
  if (std::strcmp(typeName, "Tensor") != 0 &&
      std::strcmp(typeName, "torch.Tensor") != 0 &&
      std::strcmp(typeName, "Parameter") != 0)
    return false;
  static PyObject *attribute =
      PyUnicode_InternFromString("__dlpack_c_exchange_api__");
  nb::object capsule = nb::steal(PyObject_GetAttr(type.ptr(), attribute));
  if (!capsule.is_valid() ||
      !PyCapsule_IsValid(capsule.ptr(), "dlpack_exchange_api")) {
    PyErr_Clear();
    return false;
  }
  auto *api = static_cast<dlpack::ExchangeAPI *>(
      PyCapsule_GetPointer(capsule.ptr(), "dlpack_exchange_api"));
  if (api->major != 1 || !api->fromObject)
    return false;
  dlpack::VersionedTensor *managed = nullptr;
  if (api->fromObject(object.ptr(), &managed)) {
    nb::python_error error; // Takes it.
    // Devices that DLPack does not know, as "meta".
    if (!nb::cast<bool>(nb::getattr(object, "is_cpu", nb::bool_(true))))
      raiseDevice(object.attr("device"), name);
    error.restore();
    rethrow(name);
  }
  view.owner = nb::capsule(managed, [](void *pointer) noexcept {
    auto *tensor = static_cast<dlpack::VersionedTensor *>(pointer);
    if (tensor->deleter)
      tensor->deleter(tensor);
  });
  if (managed->tensor.device.type != dlpack::deviceCPU)
    checkDevice(object, name);
  view.readOnly = managed->flags & dlpack::flagReadOnly;
  setTensor(view, managed->tensor, name);
  return true;
}

/// On the CPU, NumPy's view of an array is no copy, and kept by JAX.
static bool fromJAX(nb::handle object, const char *name, ArrayView &view) {
  static PyObject *attribute = PyUnicode_InternFromString("__array__");
  nb::object method = nb::steal(PyObject_GetAttr(object.ptr(), attribute));
  if (!method.is_valid()) {
    PyErr_Clear();
    return false;
  }
  if (PyObject_HasAttrString(object.ptr(), "__dlpack_device__"))
    checkDevice(object, name);
  nb::object array = nb::steal(PyObject_CallNoArgs(method.ptr()));
  if (!array.is_valid())
    rethrow(name);
  return fromArrayStruct(array, name, view);
}

//===----------------------------------------------------------------------===//
// The buffer protocol
//===----------------------------------------------------------------------===//

static bool parseFormat(const char *format, Py_ssize_t bytes, DType &type) {
  if (!format)
    format = "B";
  if (*format == '@' || *format == '=' || *format == '<')
    ++format;
  if (!*format || format[1])
    return false;
  if (*format == '?')
    return lookUp('b', bytes, type);
  if (std::strchr("efd", *format))
    return lookUp('f', bytes, type);
  if (std::strchr("bhilqn", *format))
    return lookUp('i', bytes, type);
  if (std::strchr("BHILQN", *format))
    return lookUp('u', bytes, type);
  return false;
}

static bool fromBuffer(nb::handle object, const char *name, ArrayView &view) {
  if (!PyObject_CheckBuffer(object.ptr()))
    return false;
  nb::object memory = nb::steal(PyMemoryView_FromObject(object.ptr()));
  if (!memory.is_valid())
    rethrow(name);
  const Py_buffer *buffer = PyMemoryView_GET_BUFFER(memory.ptr());
  if (buffer->suboffsets)
    raiseValue(name, "is a buffer of pointers; expected plain memory");
  setRank(view, buffer->ndim, name);
  if (!parseFormat(buffer->format, buffer->itemsize, view.type))
    raiseElement(name, std::string("'") + buffer->format + "'");
  view.readOnly = buffer->readonly;
  view.data = static_cast<char *>(buffer->buf);
  setByteStrides(view, buffer->shape, buffer->strides, name);
  view.owner = std::move(memory);
  return true;
}

//===----------------------------------------------------------------------===//
// Anything
//===----------------------------------------------------------------------===//

const char *glu::python::getName(ArrayLibrary library) {
  constexpr const char *names[] = {"numpy", "torch", "jax", "other"};
  return names[size_t(library)];
}

static ArrayLibrary getLibrary(nb::handle object) {
  // NumPy's type is asked for most; it lives as long as the process.
  static PyTypeObject *numpyType = nullptr;
  PyTypeObject *type = Py_TYPE(object.ptr());
  if (type == numpyType)
    return ArrayLibrary::NumPy;
  nb::object module =
      nb::getattr(nb::handle((PyObject *)type), "__module__", nb::none());
  if (!nb::isinstance<nb::str>(module))
    return ArrayLibrary::Other;
  auto name = nb::cast<std::string_view>(module);
  auto isIn = [&](std::string_view package) {
    return name.substr(0, package.size()) == package &&
           (name.size() == package.size() || name[package.size()] == '.');
  };
  if (isIn("numpy")) {
    if (!numpyType && std::strcmp(type->tp_name, "numpy.ndarray") == 0) {
      Py_INCREF(type);
      numpyType = type;
    }
    return ArrayLibrary::NumPy;
  }
  if (isIn("torch"))
    return ArrayLibrary::Torch;
  if (isIn("jax") || isIn("jaxlib"))
    return ArrayLibrary::JAX;
  return ArrayLibrary::Other;
}

ArrayView ArrayView::get(nb::handle object, const char *name) {
  ArrayView view;
  view.library = getLibrary(object);
  bool isKnown =
      view.library == ArrayLibrary::Torch ? fromTorch(object, name, view)
      : view.library == ArrayLibrary::JAX ? fromJAX(object, name, view)
                                          : fromArrayStruct(object, name, view);
  if (!isKnown && !fromDLPack(object, name, view) &&
      !fromBuffer(object, name, view))
    raiseType(name, "expected an array (NumPy, PyTorch, JAX or another that "
                    "speaks DLPack or the buffer protocol), got " +
                        std::string(Py_TYPE(object.ptr())->tp_name));
  if (view.library == ArrayLibrary::JAX)
    view.readOnly = true; // Its arrays never change.
  normalize(view, name);
  return view;
}

//===----------------------------------------------------------------------===//
// GPUs
//===----------------------------------------------------------------------===//

ArrayView ArrayView::getCUDA(nb::handle object, const char *name,
                             uint64_t stream) {
  ArrayView view;
  view.library = getLibrary(object);
  if (view.library == ArrayLibrary::Torch) {
    checkGradient(object, name);
    checkNegative(object, name);
  }
  nb::object method = nb::getattr(object, "__dlpack__", nb::none());
  if (!PyCallable_Check(method.ptr()))
    raiseType(name, "expected an array in the memory of a CUDA GPU that speaks "
                    "DLPack, got " +
                        std::string(Py_TYPE(object.ptr())->tp_name));
  dlpack::Device device = getDevice(object, name);
  if (device.type != dlpack::deviceCUDA || device.id != 0)
    raiseValue(name, "is on device " + toString(getPlace(object, device)) +
                         "; expected an array in the memory of the first CUDA "
                         "GPU");
  // Under torch.no_grad() PyTorch still exports no tensor that has a gradient.
  nb::object plain;
  if (view.library == ArrayLibrary::Torch) {
    plain = object.attr("detach")();
    method = plain.attr("__dlpack__");
  }
  nb::object capsule;
  try {
    try {
      capsule =
          method("stream"_a = stream, "max_version"_a = nb::make_tuple(1, 1));
    } catch (nb::python_error &error) {
      if (!error.matches(PyExc_TypeError))
        throw;
      capsule = method("stream"_a = stream); // From before version 1.
    }
  } catch (nb::python_error &error) {
    error.restore();
    rethrow(name);
  }
  fromCapsule(std::move(capsule), name, view);
  if (view.library == ArrayLibrary::JAX)
    view.readOnly = true;
  normalize(view, name);
  return view;
}

nb::tuple glu::python::makeTuple(const int64_t *values, int count) {
  nb::object tuple = nb::steal(PyTuple_New(count));
  for (int i = 0; i < count; ++i)
    PyTuple_SET_ITEM(tuple.ptr(), i, PyLong_FromLongLong(values[i]));
  return nb::borrow<nb::tuple>(tuple);
}

std::string ArrayView::describe() const {
  std::string text = std::string(getName(type)) + " of shape (";
  for (int d = 0; d < rank; ++d)
    text += (d ? ", " : "") + std::to_string(sizes[d]);
  return text + (rank == 1 ? ",)" : ")");
}
