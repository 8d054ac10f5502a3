# Builds both MSI packages of Saliscope on Windows 10 or later, x86-64. Not run here.
#
#   powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1
#
# Needs Python 3.11 and WiX 5 (`dotnet tool install --global wix --version 5.0.2`). To sign the program and
# the packages set SALISCOPE_SIGN to the thumbprint of a certificate in the user's store.
#
# Silent installation:  msiexec /i saliscope-VERSION-machine.msi /qn /norestart /l*v install.log
#                       msiexec /i saliscope-VERSION-user.msi /qn /norestart
# Silent removal:       msiexec /x saliscope-VERSION-machine.msi /qn /norestart
param(
    [string]$Out = "dist",
    [switch]$WithoutNoncommercial
)
Set-StrictMode -Version Latest
$ErrorActionPreference = "Stop"
$Root = (Resolve-Path (Join-Path $PSScriptRoot "..\..")).Path
Set-Location $Root

function Invoke-Step([string]$Program, [string[]]$Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program ended with $LASTEXITCODE." }
}

function Add-Signature([string]$Path) {
    if ($env:SALISCOPE_SIGN) {
        $Time = if ($env:SALISCOPE_TIMESTAMP) { @("/tr", $env:SALISCOPE_TIMESTAMP, "/td", "sha256") } else { @() }
        Invoke-Step "signtool" (@("sign", "/sha1", $env:SALISCOPE_SIGN, "/fd", "sha256") + $Time + @($Path))
    }
}

$Options = @("--folder-only", "--out", $Out)
if ($WithoutNoncommercial) { $Options += "--without-noncommercial" }
Invoke-Step "py" (@("-3.11", "dev.py", "package") + $Options)

$Program = (Resolve-Path (Join-Path $Out "work\dist\saliscope")).Path
$Version = (Get-Content (Join-Path $Program "manifest.json") -Raw -Encoding UTF8 | ConvertFrom-Json).version
foreach ($Name in "saliscope.exe", "saliscope-window.exe") { Add-Signature (Join-Path $Program $Name) }

foreach ($Scope in "perMachine", "perUser") {
    $Kind = if ($Scope -eq "perMachine") { "machine" } else { "user" }
    $Package = Join-Path $Out "saliscope-$Version-$Kind.msi"
    Invoke-Step "wix" @(
        "build", "packaging\windows\saliscope.wxs", "-arch", "x64",
        "-d", "Version=$Version", "-d", "Scope=$Scope", "-d", "ProgramFolder=$Program", "-o", $Package
    )
    Add-Signature $Package
    Write-Output $Package
}
