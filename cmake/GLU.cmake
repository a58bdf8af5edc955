# How every library and tool of the project is built.

# The flags of all our code. LLVM's headers are system headers, so that our
# warnings are about our code.
add_library(glu_flags INTERFACE)
target_include_directories(glu_flags INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
  "$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>"
  "$<INSTALL_INTERFACE:include>")
target_include_directories(glu_flags SYSTEM INTERFACE
  "$<BUILD_INTERFACE:${LLVM_INCLUDE_DIRS};${MLIR_INCLUDE_DIRS}>")
target_compile_features(glu_flags INTERFACE cxx_std_17)
set(GLU_FLAGS -Wall -Wextra -Wno-unused-parameter)
if(GLU_WERROR)
  list(APPEND GLU_FLAGS -Werror)
endif()
if(GLU_SANITIZE)
  list(APPEND GLU_FLAGS -fsanitize=address,undefined
    -fno-sanitize=vptr,function -fno-omit-frame-pointer)
endif()
target_compile_options(glu_flags INTERFACE "$<BUILD_INTERFACE:${GLU_FLAGS}>"
  "$<BUILD_INTERFACE:$<$<COMPILE_LANGUAGE:CXX>:-fno-rtti;-fno-exceptions;-fvisibility-inlines-hidden>>")
target_link_options(glu_flags INTERFACE
  $<$<BOOL:${GLU_SANITIZE}>:-fsanitize=address,undefined>)

set_target_properties(glu_flags PROPERTIES EXPORT_NAME flags)
install(TARGETS glu_flags EXPORT GLUTargets)

# MLIR's headers cost ten seconds a file; precompiled they cost two.
file(WRITE "${PROJECT_BINARY_DIR}/pch.cpp" "")
add_library(glu_pch OBJECT "${PROJECT_BINARY_DIR}/pch.cpp")
target_link_libraries(glu_pch PUBLIC glu_flags)
target_precompile_headers(glu_pch PRIVATE "${PROJECT_SOURCE_DIR}/cmake/pch.h")

# glu_library(NAME sources... [DEPENDS targets...] [LINK libraries...] [PLAIN]
#             [INTERNAL])
# A static library on the shared MLIR. PLAIN: uses no MLIR. INTERNAL: is not
# installed.
function(glu_library name)
  cmake_parse_arguments(ARG "PLAIN;INTERNAL" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC glu_flags ${ARG_LINK})
  if(NOT ARG_PLAIN)
    target_link_libraries(${name} PUBLIC MLIR LLVM)
    target_precompile_headers(${name} REUSE_FROM glu_pch)
    add_dependencies(${name} glu_tablegen)
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(NOT ARG_INTERNAL)
    glu_install(${name})
  endif()
endfunction()

# glu_install(NAME): the library GLUX is GLU::X of the package.
function(glu_install name)
  string(REGEX REPLACE "^GLU" "" export_name ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${export_name})
  install(TARGETS ${name} EXPORT GLUTargets)
endfunction()

# glu_tool(NAME sources... LINK libraries...)
function(glu_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE glu_flags ${ARG_LINK} MLIR LLVM)
  # As the libraries are built, or the precompiled header does not fit.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
  target_precompile_headers(${name} REUSE_FROM glu_pch)
  add_dependencies(${name} glu_tablegen)
endfunction()
