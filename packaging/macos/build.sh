#!/usr/bin/env bash
# Builds Saliscope.app and a disk image on macOS 12 or later, Apple silicon. Not run here.
#
#   packaging/macos/build.sh
#
# Needs Python 3.11 from python.org and the command line tools of Xcode. Signing and notarisation happen where
# these variables are set:
#   SALISCOPE_IDENTITY   "Developer ID Application: NAME (TEAM)", in the key chain
#   SALISCOPE_NOTARY     the profile that `xcrun notarytool store-credentials` stored
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-dist}
venv=.venv-package
python=$venv/bin/python

# TensorFlow for macOS has a name of its own on the package index, so there is a lock file of its own.
python3.11 -m venv --clear "$venv"
"$python" -m pip install --quiet --require-hashes -r packaging/macos/requirements.lock
"$python" -m pip install --quiet --no-deps --no-build-isolation --editable .
PYTHONPATH=packaging:. "$python" -m builder --folder-only --out "$out"

app=$out/work/dist/Saliscope.app
version=$(plutil -extract CFBundleShortVersionString raw "$app/Contents/Info.plist")
image=$out/saliscope-$version-macos-arm64.dmg

if [ -n "${SALISCOPE_IDENTITY:-}" ]; then
    # From the inside out, as Apple asks: libraries first, the bundle last.
    find "$app/Contents" -type f \( -name "*.dylib" -o -name "*.so" \) -print0 |
        xargs -0 -n 50 codesign --force --timestamp --options runtime --sign "$SALISCOPE_IDENTITY"
    codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist \
        --sign "$SALISCOPE_IDENTITY" "$app"
    codesign --verify --deep --strict "$app"
fi

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -R "$app" "$staging/"
ln -s /Applications "$staging/Applications"
rm -f "$image"
hdiutil create -volname Saliscope -srcfolder "$staging" -format ULFO -ov "$image"

if [ -n "${SALISCOPE_IDENTITY:-}" ]; then
    codesign --force --timestamp --sign "$SALISCOPE_IDENTITY" "$image"
fi
if [ -n "${SALISCOPE_NOTARY:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$SALISCOPE_NOTARY" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
