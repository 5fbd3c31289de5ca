// The reader's own place, where the reader allows it; everything else works without script.
const near = document.getElementById("near");
if (near && "geolocation" in navigator) {
  near.hidden = false;
  near.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition((found) => {
      const address = new URL(window.location.href);
      address.searchParams.set("lat", found.coords.latitude.toFixed(3));
      address.searchParams.set("lon", found.coords.longitude.toFixed(3));
      address.searchParams.delete("page");
      window.location.assign(address);
    });
  });
}
